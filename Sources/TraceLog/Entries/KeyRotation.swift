package import TransparencyLog

/// An entry that names the key by which the log is signed from here on.
///
/// Its checkpoint is signed by the old key, so whoever trusts that one learns of the new one from
/// the log itself. Kind, then the two keys as text, a line each.
package struct KeyRotation: Sendable, Hashable {
  package var old: [NoteVerifier]
  package var new: NoteVerifier

  package init(old: [NoteVerifier], new: NoteVerifier) {
    self.old = old
    self.new = new
  }

  package init?(_ entry: [UInt8]) {
    guard EntryKind(entry) == .keyRotation, entry.count < 4_096,
      let text = String(validating: entry.dropFirst(), as: UTF8.self)
    else { return nil }
    let keys = text.split(separator: "\n").map { NoteVerifier(String($0)) }
    let whole = keys.compactMap(\.self)
    guard whole.count == keys.count, whole.count >= 2, let last = whole.last else { return nil }
    old = Array(whole.dropLast())
    new = last
  }

  package var bytes: [UInt8] {
    [EntryKind.keyRotation.rawValue]
      + Array((old + [new]).map { "\($0)\n" }.joined().utf8)
  }
}
