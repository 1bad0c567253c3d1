/// What became of a rule when a decision was made.
package enum RuleState: UInt8, Sendable, Hashable {
  case notReached = 0
  case held = 1
  case failed = 2
}
