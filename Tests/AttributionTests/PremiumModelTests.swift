import DataFields
import PMML
import Testing

@testable import Attribution

/// The committed classifier, in single precision as its trainer wrote it.
@Suite struct PremiumModelTests {
  private static let path: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/models/premium.pmml"
  }()

  @Test func `base value and attributions come to the raw score`() throws {
    let model = try CompiledModel(path: Self.path)
    var background = ModelMatrix(
      fields: model.signature.inputs.map { ($0.name, $0.kind) })
    for step in 0..<100 {
      background.append([
        .number(Double(step * step % 307 + 1)), .number(Double(step % 23 + 1)),
        .number(Double(step % 4)),
      ])
    }
    let attributor = try Attributor(model, .probability("1"), background: background)
    #expect(attributor.attributed == "log-odds of probability(\"1\")")
    let names = ["INVOICE_COUNT", "SIZE", "CURRENCIES"]
    #expect(attributor.fields == names)
    let probability = try #require(model.resolve(.probability("1")))
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    var raised = 0
    for count in stride(from: 1.0, through: 300, by: 13) {
      model.clear(&space)
      for (input, value) in [count, 4, 1].enumerated() {
        model.set(number: value, input: input, in: &space)
      }
      #expect(model.score(&space))
      let outcome = try #require(attributor.attribute(space, &room))
      // The trainer adds in single precision, attribution in double.
      #expect(abs(outcome.residual) <= 1e-5)
      if room.attributions[0] > 0 { raised += 1 }
      let p = model.value(probability, in: space)
      #expect((p > 0.5) == (outcome.rawScore > 0))
    }
    // More invoices raise the score sooner or later, and few do not.
    #expect(raised > 0 && raised < 24)
  }
}
