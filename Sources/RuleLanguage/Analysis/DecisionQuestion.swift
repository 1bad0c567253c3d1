import DataFields
import ThresholdCells

/// What a decision is a function of: its axes, and how to get from a cell of each to the row that
/// the conditions are evaluated on.
package struct DecisionQuestion: Sendable {
  package let decision: Int
  /// The program, with comparisons of two values replaced by questions to an axis of their own.
  package private(set) var program: Program
  package private(set) var axes: [DecisionAxis]
  /// Steps of the program to run once the axes are set, rising.
  package private(set) var steps: [Int]
  /// Why a combination of cells may not occur: each a sentence. Without any, each combination does.
  package private(set) var doubts: [String]
  package let origins: ValueOrigins

  /// - Parameter refinements: what other questions cut the same quantities with, by
  ///   ``AxisRefinement/key(_:_:)``; both then have the same cells.
  /// - Parameter input: a value whose effect is asked for: decisions that rest on it are made on the
  ///   way.
  package init(
    _ program: Program, decision: Int, refinements: [String: AxisRefinement] = [:],
    inlining input: Int? = nil
  ) {
    var builder = QuestionBuilder(program, decision: decision)
    builder.inlined = input
    builder.collect()
    builder.refine(by: refinements)
    self.decision = decision
    self.program = builder.program
    self.axes = builder.axes()
    self.steps = builder.steps.sorted()
    self.origins = builder.origins
    self.doubts = []
    doubts = IndependenceCheck(question: self).doubts()
    var written = Set(axes.flatMap { $0.writes.flatMap { $0.map(\.slot) } })
    for case .decide(let other) in steps.map({ self.program.steps[$0] }) {
      written.insert(self.program.decisions[other].slot)
      written.formUnion(self.program.decisions[other].members.map(\.slot))
    }
    // What the axes do not set is not looked for: it is there whenever the question comes up.
    for index in self.program.decisions.indices {
      self.program.decisions[index].required.removeAll { !written.contains($0) }
    }
  }

  package var plan: DecisionPlan { program.decisions[decision] }
}

extension Comparison {
  /// The comparison with its operands changed over.
  package var mirrored: Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
