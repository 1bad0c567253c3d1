#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process has used.
enum ProcessUse {
  static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  /// The most memory that the process has had.
  static var peakKibibytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      guard getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    #else
      guard getrusage(Int32(RUSAGE_SELF), &usage) == 0 else { return 0 }
    #endif
    #if canImport(Darwin)
      return Int(usage.ru_maxrss) >> 10
    #else
      return Int(usage.ru_maxrss)
    #endif
  }
}
