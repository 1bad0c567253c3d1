import RationaleTestSupport
import Testing

@testable import StreamFeatures

@Suite struct DistinctValuesTests {
  @Test func `blocks that grow and are used again keep every subject's values apart`() {
    var generator = SeededGenerator(seed: 4)
    var values = DistinctValues()
    var plain: [Set<Int64>] = Array(repeating: [], count: 30)
    for _ in plain { values.addSubject() }
    for _ in 0..<20_000 {
      let subject = Int.random(in: 0..<30, using: &generator)
      let value = Int64.random(in: 0...Int64(subject * subject), using: &generator)
      let isNew = plain[subject].insert(value).inserted
      #expect(values.insert(value, for: subject) == (isNew ? .isNew : .wasThere))
    }
    for subject in 0..<30 {
      #expect(Array(values.values(subject)) == plain[subject].sorted())
      #expect(values.count(subject) == plain[subject].count)
    }
  }

  @Test func `beyond the limit values are refused`() {
    var values = DistinctValues()
    values.addSubject()
    for value in 0..<Int64(DistinctValues.limit) { _ = values.insert(value, for: 0) }
    #expect(values.insert(-1, for: 0) == .tooMany)
    #expect(values.insert(5, for: 0) == .wasThere)
  }
}
