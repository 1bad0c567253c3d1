import RationaleTestSupport
import Testing

@testable import PopulationViews

@Suite struct AttributionImportanceTests {
  @Test func `means, shares and order`() throws {
    var importance = AttributionImportance(fields: ["a", "b", "c"])
    #expect(importance.fields.isEmpty)
    importance.add([1, -2, 0])
    importance.add([-1, -4, 0])
    #expect(importance.rowCount == 2)
    let fields = importance.fields
    #expect(fields.map(\.name) == ["b", "a", "c"])
    #expect(fields.map(\.meanMagnitude) == [3, 1, 0])
    #expect(fields.map(\.mean) == [-3, 0, 0])
    #expect(fields.map(\.share) == [0.75, 0.25, 0])
  }

  @Test func `fields that contribute the same stand as the model lists them`() {
    var importance = AttributionImportance(fields: ["z", "y", "x"])
    importance.add([0, 0, 0])
    #expect(importance.fields.map(\.name) == ["z", "y", "x"])
    #expect(importance.fields.map(\.share) == [nil, nil, nil])
  }

  @Test func `small terms are not lost beside large ones`() {
    var sum = CompensatedSum()
    sum.add(1e16)
    for _ in 0..<1_000 { sum.add(1) }
    sum.add(-1e16)
    #expect(sum.value == 1_000)
    sum.add(.infinity)
    #expect(sum.value == .infinity)
  }
}
