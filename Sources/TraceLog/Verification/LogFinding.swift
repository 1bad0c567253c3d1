/// Something that a verification found wrong: what and where.
package struct LogFinding: Sendable, Hashable, CustomStringConvertible {
  /// What is claimed of the log and does not hold.
  package enum Claim: String, Sendable, Hashable, CaseIterable {
    /// Every entry is the one that was signed, and none is missing.
    case intact
    /// Every record of every input is accounted for, and every decision that was counted is there.
    case complete
    /// Every sealed trace has its private record, which is what the entry commits to, or was erased by
    /// an erasure that is in the log.
    case vault
    /// The files that only make reading faster are as they were written. Nothing rests on them.
    case index
  }

  package var claim: Claim
  /// The file, the entry or the input.
  package var place: String
  package var reason: String

  package init(_ claim: Claim, _ place: String, _ reason: String) {
    self.claim = claim
    self.place = place
    self.reason = reason
  }

  package var description: String { "\(place): \(reason)" }
}
