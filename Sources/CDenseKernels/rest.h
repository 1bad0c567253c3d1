// The exponential function's polynomial, for the vectors of type FORM. Included by body.h.

/// The rest of e^value = 2^n * (1 + rest), where n is the whole number closest to value / ln 2: Cody and
/// Waite's reduction to |r| <= ln 2 / 2, with what rounding r loses, and a polynomial of degree 12.
INLINE FORM REST_OF(FORM value, FORM n) {
  // The high part of ln 2 has 42 bits, so that its multiple is exact.
  FORM high = value - n * 0x1.62e42fefa38p-1;
  FORM low = n * 0x1.ef35793c7673p-45;
  FORM r = high - low;
  FORM lost = (high - r) - low;
  FORM s = r * r;
  FORM p = s * 0x1.1f730349868cep-29 + (r * 0x1.af4de97ca4194p-26 + 0x1.27e4db646b17ep-22);
  p = s * p + (r * 0x1.71de0231960ebp-19 + 0x1.a01a01a6d889cp-16);
  p = s * p + (r * 0x1.a01a01abe7fe1p-13 + 0x1.6c16c16c162d4p-10);
  p = s * p + (r * 0x1.11111111100dcp-7 + 0x1.5555555555556p-5);
  p = s * p + (r * 0x1.5555555555557p-3 + 0x1p-1);
  return r + (lost + s * p);
}
