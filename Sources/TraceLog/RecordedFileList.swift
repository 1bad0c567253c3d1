package import DataFields

/// The files that rules were loaded from, by path and digest: what is needed to load them again from
/// a log alone.
///
/// One line a file: `rules` for a file that was named, `file` for any other, the SHA-256, the path.
/// The list itself proves nothing: what is loaded by it must give the schema that it stands beside.
package struct RecordedFileList: Sendable, Hashable {
  package struct File: Sendable, Hashable {
    package var path: String
    package var digest: Digest
    /// Whether it was named when rules were loaded, and not only used by another file.
    package var isNamed: Bool

    package init(path: String, digest: Digest, isNamed: Bool) {
      self.path = path
      self.digest = digest
      self.isNamed = isNamed
    }
  }

  package var files: [File]

  package init(files: [File]) { self.files = files }

  package var bytes: [UInt8] {
    var text = ""
    for file in files {
      text += "\(file.isNamed ? "rules" : "file") \(file.digest.hexadecimal) \(file.path)\n"
    }
    return Array(text.utf8)
  }

  /// - Returns: nil if the bytes are no such list.
  package init?(_ bytes: [UInt8]) {
    files = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, parts[0] == "rules" || parts[0] == "file",
        let digest = Digest(hexadecimal: String(parts[1]))
      else { return nil }
      files.append(File(path: String(parts[2]), digest: digest, isNamed: parts[0] == "rules"))
    }
  }
}
