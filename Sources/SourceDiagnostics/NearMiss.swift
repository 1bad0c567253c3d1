/// Finds the name that a writer most likely meant.
package enum NearMiss {
  /// The candidate nearest to `name` by edit distance, if it is near enough to be a slip of the
  /// keyboard: at most a third of the length. Ties go to the candidate that comes first.
  ///
  /// - Complexity: O(candidates x length²).
  package static func suggestion(for name: String, among candidates: some Sequence<String>)
    -> String?
  {
    // What is longer was not meant to be typed, and comparing costs the square of the length.
    guard name.utf8.count <= 64 else { return nil }
    let limit = max(1, name.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates
    where candidate != name
      && abs(candidate.utf8.count - name.utf8.count) <= 4 * limit
    {
      let distance = editDistance(name.lowercased(), candidate.lowercased())
      if distance <= limit, distance < (best?.distance ?? .max) { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Damerau-Levenshtein distance (optimal string alignment): insertions, deletions,
  /// substitutions and swaps of neighbours each cost 1.
  package static func editDistance(_ left: String, _ right: String) -> Int {
    let a = Array(left)
    let b = Array(right)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var current = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        current[j] = min(last[j] + 1, current[j - 1] + 1, substitution)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          current[j] = min(current[j], beforeLast[j - 2] + 1)
        }
      }
      (beforeLast, last) = (last, current)
    }
    return last[b.count]
  }
}
