/// Whether a part of a trace that belongs to a person can be read: a log with privacy on keeps such
/// parts apart from what anybody may read.
public enum Visibility: String, Sendable, Hashable, CaseIterable {
  /// It is among what was read.
  case open
  /// It is kept apart, under a key that the reader does not hold.
  case sealed
  /// The key was destroyed: nobody reads it again.
  case erased
}
