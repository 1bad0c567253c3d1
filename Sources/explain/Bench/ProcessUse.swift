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

  /// Memory of a kind, by the name that the kernel has for it (`RssAnon`, `RssFile`, `VmHWM`), in KiB; nil
  /// where there is no such list.
  static func kibibytes(_ name: String) -> Int? {
    #if os(Linux)
      guard let file = fopen("/proc/self/status", "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), file) != nil {
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix(name + ":") { return Int(text.filter(\.isNumber)) }
      }
    #endif
    return nil
  }
}
