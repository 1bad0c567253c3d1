internal import CPCRE2

/// A regular expression, compiled once and matched by any number of tasks; this file alone calls
/// PCRE2.
///
/// What matching may take is bounded, so that no pattern and no text keeps a thread for long: beyond
/// the bound there is no answer.
///
/// `@unchecked Sendable`: the compiled pattern and the match context are written by `init` and read
/// only afterwards, which PCRE2 allows from any thread ("Multithreading" in pcre2api); what a match
/// writes to is made for it alone.
package final class TextPattern: @unchecked Sendable {
  package struct Fault: Error, Sendable {
    package var message: String
    /// Where in the pattern, in bytes from 0.
    package var offset: Int
  }

  private let code: OpaquePointer
  private let context: OpaquePointer?
  private static let matchLimit: UInt32 = 1_000_000

  /// Compiles a pattern; texts are Unicode, and so are its classes.
  ///
  /// - Throws: what is wrong with the pattern.
  package init(_ pattern: String) throws(Fault) {
    var number: Int32 = 0
    var offset = 0
    let bytes = Array(pattern.utf8)
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_NEVER_BACKSLASH_C)
    let made = bytes.withUnsafeBufferPointer { buffer in
      pcre2_compile_8(
        buffer.baseAddress ?? Self.nothing, buffer.count, options, &number, &offset, nil)
    }
    guard let made else {
      throw Fault(message: Self.message(number), offset: offset)
    }
    code = made
    context = pcre2_match_context_create_8(nil)
    if let context {
      pcre2_set_match_limit_8(context, Self.matchLimit)
      pcre2_set_depth_limit_8(context, Self.matchLimit)
      pcre2_set_heap_limit_8(context, 16_384)
    }
  }

  deinit {
    pcre2_code_free_8(code)
    pcre2_match_context_free_8(context)
  }

  /// PCRE2 wants an address even where there is nothing to read.
  private static var nothing: UnsafePointer<UInt8> { UnsafePointer(emptyText) }

  /// Whether the pattern occurs in a text; nil if the bound was met first.
  package func occurs(in text: String) -> Bool? {
    var found: Bool? = false
    forEachMatch(in: Array(text.utf8), limit: 1) { _ in
      found = true
    } onFault: {
      found = nil
    }
    return found
  }

  /// The occurrences in a text, from left to right, that do not overlap; nil if the bound was met.
  package func occurrences(in text: [UInt8]) -> [Range<Int>]? {
    var ranges: [Range<Int>] = []
    var isWhole = true
    forEachMatch(in: text, limit: Int.max) {
      ranges.append($0)
    } onFault: {
      isWhole = false
    }
    return isWhole ? ranges : nil
  }

  private func forEachMatch(
    in text: [UInt8], limit: Int, _ body: (Range<Int>) -> Void, onFault: () -> Void
  ) {
    guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { return onFault() }
    defer { pcre2_match_data_free_8(data) }
    text.withUnsafeBufferPointer { buffer in
      let subject = buffer.baseAddress ?? Self.nothing
      var start = 0
      var count = 0
      while start <= buffer.count, count < limit {
        let result = pcre2_match_8(
          code, subject, buffer.count, start, UInt32(PCRE2_NO_UTF_CHECK), data, context)
        if result == PCRE2_ERROR_NOMATCH { return }
        guard result > 0, let offsets = pcre2_get_ovector_pointer_8(data), offsets[1] >= offsets[0]
        else { return onFault() }
        body(offsets[0]..<offsets[1])
        count += 1
        start = offsets[1]
        // An empty occurrence is passed by one character, however many bytes it has.
        if offsets[0] == offsets[1] {
          start += 1
          while start < buffer.count, buffer[start] & 0xC0 == 0x80 { start += 1 }
        }
      }
    }
  }

  /// A text with each occurrence replaced; `$1` in the replacement is the first group. nil if the
  /// bound was met, the result would be longer than 16 MiB, or the replacement is faulty.
  package func replacing(in text: String, with replacement: String) -> String? {
    let subject = Array(text.utf8)
    let substitute = Array(replacement.utf8)
    let options = UInt32(PCRE2_SUBSTITUTE_GLOBAL) | UInt32(PCRE2_NO_UTF_CHECK)
    var capacity = subject.count + substitute.count + 64
    while capacity <= 1 << 24 {
      var length = capacity
      var result: Int32 = 0
      let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        result = subject.withUnsafeBufferPointer { subject in
          substitute.withUnsafeBufferPointer { substitute in
            pcre2_substitute_8(
              code, subject.baseAddress ?? Self.nothing, subject.count, 0, options, nil, context,
              substitute.baseAddress ?? Self.nothing, substitute.count, buffer.baseAddress,
              &length)
          }
        }
        count = result >= 0 ? length : 0
      }
      if result >= 0 { return String(decoding: output, as: UTF8.self) }
      guard result == PCRE2_ERROR_NOMEMORY else { return nil }
      capacity *= 4
    }
    return nil
  }

  private static func message(_ number: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
  }
}

/// One byte that is never read, for the address of an empty text; immutable, and never freed.
private nonisolated(unsafe) let emptyText: UnsafeMutablePointer<UInt8> = {
  let place = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
  place.initialize(to: 0)
  return place
}()
