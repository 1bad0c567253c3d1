/// What searches over boxes may spend: boxes looked at, and products tested against them.
///
/// Boxes are what a finding counts; tests bound the time where a box has many products.
package struct BoxBudget: Sendable, Hashable {
  /// For one question: is this covered, does this change anything?
  package var boxesPerQuestion: Int
  /// For all questions about one decision.
  package var boxes: Int
  /// For all decisions of a program together.
  package var tests: Int
  /// Products of cells that the conditions of one decision may come to.
  package var products: Int

  package init(
    boxesPerQuestion: Int = 200_000, boxes: Int = 5_000_000, tests: Int = 400_000_000,
    products: Int = 200_000
  ) {
    self.boxesPerQuestion = boxesPerQuestion
    self.boxes = boxes
    self.tests = tests
    self.products = products
  }
}

/// What has been spent.
package struct BoxExpense: Sendable, Hashable {
  package var boxes = 0
  package var tests = 0

  package init() {}

  package func isWithin(_ budget: BoxBudget) -> Bool {
    boxes < budget.boxes && tests < budget.tests
  }
}
