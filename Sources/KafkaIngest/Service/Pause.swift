#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A wait of the thread that polls, which has nothing else to do meanwhile.
enum Pause {
  static func milliseconds(_ count: UInt32) { usleep(count * 1_000) }
}
