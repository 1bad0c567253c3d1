import ThresholdCells

/// The rules of one version of a decision that collects, over the axes that both versions share.
struct CollectedRules {
  /// For each rule, its products.
  let products: [[CellProduct]]
  /// For each rule, whose products they are in a table of both versions.
  private(set) var owners: [Int]
  private let names: [String]
  private let collected: CollectedOutcomes
  private var ruleOfOwner: [Int: Int] = [:]

  init(_ decision: DecisionProducts, at places: [Int]) {
    let (program, plan) = (decision.question.program, decision.question.plan)
    let table = decision.table
    products = decision.products.map { range in
      range.compactMap { table.product($0, at: places) }
    }
    owners = Array(products.indices)
    let report = FindingReport(program, plan)
    names = products.indices.map { report.outcome($0) }
    collected = CollectedOutcomes(
      program, plan, OutcomeClasses(program, plan, rules: Array(plan.rules)))
    noteOwners()
  }

  private mutating func noteOwners() {
    ruleOfOwner = [:]
    for (rule, owner) in owners.enumerated() { ruleOfOwner[owner] = rule }
  }

  /// Gives the rules of the other version owners of their own, but for those that are the same in
  /// both and stand in the same order.
  ///
  /// - Returns: the owners that both have.
  func owners(joinedWith other: inout CollectedRules) -> Set<Int> {
    var shared: Set<Int> = []
    var next = 0
    for rule in other.products.indices {
      let same = (next..<max(next, products.count)).first {
        names[$0] == other.names[rule] && products[$0] == other.products[rule]
      }
      if let same {
        other.owners[rule] = owners[same]
        shared.insert(owners[same])
        next = same + 1
      } else {
        other.owners[rule] = products.count + rule
      }
    }
    other.noteOwners()
    return shared
  }

  /// What the decision comes to where these owners hold.
  func outcome(_ holding: [Int32]) -> String {
    collected.text(of: holding.compactMap { ruleOfOwner[Int($0)] }.sorted())
  }
}
