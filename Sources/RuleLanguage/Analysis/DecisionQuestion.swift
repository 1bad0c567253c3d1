import DataFields
import ThresholdCells

/// What a decision is a function of: its axes, and how to get from a cell of each to the row that
/// the conditions are evaluated on.
package struct DecisionQuestion: Sendable {
  package let decision: Int
  /// The program, with comparisons of two values replaced by questions to an axis of their own.
  package private(set) var program: Program
  package private(set) var axes: [DecisionAxis]
  /// What to run once the axes are set, in order.
  private(set) var work: [Work]
  /// Decisions that are made on the way, each with what is computed from its outcome.
  private(set) var inlined: [Int: Derived]
  /// Why a combination of cells may not occur: each a sentence. Without any, each combination does.
  package private(set) var doubts: [String]
  package let origins: ValueOrigins
  /// Of a decision about more quantities, or with more to write for their cells, nothing is proved:
  /// it then has no axes.
  static let maximumAxes = 1_000
  static let maximumWrites = 4_000_000
  package let isTooLarge: Bool
  /// The ranks that it asks about.
  let ranks: Set<Int>

  /// Whether every threshold could be told as one of its axis.
  let isWithinWords: Bool

  /// - Parameter sharing: how the question is to be compared with that of another version; both then
  ///   cut a quantity into the same cells, and values that are linear forms of another one are
  ///   thresholds of that one.
  /// - Parameter input: a value whose effect is asked for: decisions that rest on it are made on the
  ///   way.
  /// - Parameter origins: those of the program, if they are known.
  package init(
    _ program: Program, decision: Int, sharing: QuestionSharing? = nil,
    inlining input: Int? = nil, origins: ValueOrigins? = nil
  ) {
    var builder = QuestionBuilder(program, decision: decision, origins: origins)
    builder.inlined = input
    builder.sharing = sharing
    builder.collect()
    builder.refine()
    ranks = Set(builder.drafts.flatMap(\.ranks))
    isTooLarge =
      builder.drafts.count > Self.maximumAxes || builder.writeCount > Self.maximumWrites
    if isTooLarge { builder.drafts = [] }
    self.decision = decision
    self.program = builder.program
    self.axes = builder.axes()
    self.work = builder.work.sorted()
    self.inlined = builder.derived
    self.origins = builder.origins
    isWithinWords = !builder.isBeyondWords
    self.doubts = []
    doubts = IndependenceCheck(question: self).doubts()
    var written = Set(axes.flatMap { $0.writes.flatMap { $0.map(\.slot) } })
    for (other, derived) in inlined {
      written.insert(self.program.decisions[other].slot)
      written.formUnion(self.program.decisions[other].members.map(\.slot))
      written.formUnion(derived.slots)
    }
    // What the axes do not set is not looked for: it is there whenever the question comes up.
    for index in self.program.decisions.indices {
      self.program.decisions[index].required.removeAll { !written.contains($0) }
    }
  }

  package var plan: DecisionPlan { program.decisions[decision] }

  /// A step of the program, or the one instruction of it that is needed: the others compute what an
  /// axis stands for.
  struct Work: Sendable, Hashable, Comparable {
    /// Index of `Program.steps`.
    var step: Int
    var instruction: Int?

    static func < (left: Self, right: Self) -> Bool {
      (left.step, left.instruction ?? -1) < (right.step, right.instruction ?? -1)
    }
  }

  /// Copies of an outcome and ranks of it.
  struct Derived: Sendable {
    var slots: Set<Int> = []
    var work: Set<Work> = []
  }

  /// The decision made on the way whose outcome a slot holds, or what is computed from it.
  func inlinedDecision(at slot: Int) -> Int? {
    inlined.keys.first {
      program.decisions[$0].isOutcome(slot) || inlined[$0]?.slots.contains(slot) == true
    }
  }

  func run(_ work: Work, in workspace: inout EvaluationWorkspace) {
    switch program.steps[work.step] {
    case .compute:
      guard let instruction = work.instruction else { return }
      program.compute(instruction..<(instruction + 1), in: &workspace, keepSupplied: false)
    case .rank(let rank): program.rank(rank, in: &workspace, keepSupplied: false)
    case .decide(let decision):
      program.decide(decision, in: &workspace, keepSupplied: false)
    case .model, .override: break
    }
  }
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
