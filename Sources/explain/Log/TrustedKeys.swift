internal import FileIO
internal import TraceLog
internal import TransparencyLog

/// Keys and checkpoints that an auditor brings along, rather than taking them from the log.
enum TrustedKeys {
  /// - Parameter texts: keys, or files that hold one a line.
  static func read(_ texts: [String]) throws -> [NoteVerifier] {
    var keys: [NoteVerifier] = []
    for text in texts {
      if let key = NoteVerifier(text) {
        keys.append(key)
        continue
      }
      guard try Directory.status(text) != nil else {
        throw CommandFailure(
          message: "`\(text)` is neither a key nor a file of keys",
          help: "a key looks like `name+1a2b3c4d+ATc...`, as in LOG/log.vkey")
      }
      let lines = String(decoding: try WholeFile.read(text, limit: 1 << 20), as: UTF8.self)
        .split(separator: "\n")
      for (number, line) in lines.enumerated() {
        guard let key = NoteVerifier(String(line)) else {
          throw CommandFailure(
            message: "line \(number + 1) of `\(text)` is no key: `\(line.prefix(60))`",
            help: "a key looks like `name+1a2b3c4d+ATc...`, as in LOG/log.vkey")
        }
        keys.append(key)
      }
    }
    return keys
  }

  static func checkpoint(_ path: String) throws -> SignedCheckpoint {
    let bytes = try WholeFile.read(path, limit: 1 << 20)
    do { return try SignedCheckpoint(bytes) } catch {
      throw CommandFailure(message: "`\(path)`: \(error)")
    }
  }
}
