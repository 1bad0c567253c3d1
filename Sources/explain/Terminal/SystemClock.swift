#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one place where commands read the clock: libraries are given the time.
enum SystemClock {
  /// Seconds since 1970-01-01.
  static var seconds: Int { time(nil) }
}
