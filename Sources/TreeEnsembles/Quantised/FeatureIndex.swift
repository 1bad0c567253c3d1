/// How a feature becomes a number of 16 bits that tables are looked up by.
enum FeatureIndex {
  /// How many edges are not above the value; one more for a missing one.
  case ranked(feature: Int, RankedEdges)
  /// For each category from 0 on its code; others have code 0, a missing value the last.
  case nominal(feature: Int, codes: [UInt16], missing: UInt16)

  /// Codes up to here fit the sets of 128 that are looked up by registers.
  static let setLimit = 127
}

extension FeatureIndex {
  /// How many values it has.
  var count: Int {
    switch self {
    case .ranked(_, let edges): edges.count + 2
    case .nominal(_, _, let missing): Int(missing) + 1
    }
  }

  /// The last of them.
  var missing: Int { count - 1 }

  /// The index of a value; nil for a category that nothing asks for.
  func place(of value: Double) -> Int? {
    switch self {
    case .ranked(_, let edges): return edges.place(of: value) + 1
    case .nominal(_, let codes, _):
      guard value >= 0, value < Double(codes.count), value == value.rounded() else { return nil }
      return Int(codes[Int(value)])
    }
  }

  /// Of each index, whether a question has the answer yes.
  func answers(to question: SplitTree.Question) -> [Bool] {
    var answers = [Bool](repeating: false, count: count)
    switch question {
    case .member(_, let values, let ifMissing):
      for value in values {
        if let place = place(of: value) { answers[place] = true }
      }
      answers[missing] = ifMissing
    case .present:
      for place in answers.indices { answers[place] = place != missing }
    case .less(_, let threshold, let ifMissing):
      guard case .ranked(_, let edges) = self else { break }
      let limit = edges.place(of: threshold)
      for place in answers.indices { answers[place] = place <= limit }
      answers[missing] = ifMissing
    }
    return answers
  }
}
