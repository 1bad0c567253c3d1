internal import FileIO

/// Text for people, and results for programs.
enum StandardOutput {
  /// Writes all of it; a full disk and a closed pipe are errors like any other.
  static func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  static func write(_ bytes: [UInt8]) throws(FileError) {
    do throws(FileError) {
      let output = try OpenFile(path: "-", mode: .replace)
      try output.write(bytes)
    } catch {
      throw FileError(
        error.operation, path: "standard output", systemCode: error.systemCode,
        reason: error.reason)
    }
  }
}

/// Notices, progress and diagnostics.
enum StandardError {
  /// A notice that cannot be written is no reason to stop: there is nobody left to tell.
  static func write(_ text: String) {
    try? OpenFile.standardError.write(Array(text.utf8))
  }
}
