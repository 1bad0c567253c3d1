/// Over which stretches of event time an aggregate runs; times are in seconds.
package enum WindowPlan: Sendable, Hashable {
  /// Windows of one length, one beginning every `slide`; where the two are equal they tumble.
  case sliding(extent: Int, slide: Int, lateness: Int)
  /// Events that follow each other with pauses of less than `gap`.
  case session(gap: Int, lateness: Int)
}
