import DataFields
import PMML
import RationaleTestSupport
import Testing

@testable import Attribution

/// Sampled attributions against every coalition of the same game, and the models that are enumerated or
/// sampled for want of structure.
@Suite struct SampledTests {
  // MARK: The estimator

  @Test func `Student's quantiles are those of tables`() {
    let known = [
      (1, 12.7062), (2, 4.3027), (10, 2.2281), (11, 2.2010), (20, 2.0860), (120, 1.9799),
    ]
    for (degrees, quantile) in known {
      #expect(abs(StudentDistribution.quantile975(degrees) - quantile) < 1e-4, "\(degrees)")
    }
    #expect(StudentDistribution.quantile975(0) == .infinity)
    #expect(abs(StudentDistribution.quantile975(1_000_000) - 1.95996) < 1e-5)
  }

  @Test func `means are corrected by the sum whose mean is known`() {
    // The first field is the sum but for 1, the second is that 1: nothing is left to chance.
    var sums = SampleSums(fieldCount: 2, expected: 5)
    for whole in [1.0, 2, 4, 9] { sums.append([whole - 1, 1], whole: whole) }
    var (means, errors) = ([0.0, 0], [0.0, 0])
    sums.estimate(into: &means, errors: &errors, scale: 1)
    #expect(zip(means, [4.0, 1]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(errors.allSatisfy { $0 < 1e-13 })
    // Equal sums say nothing: plain means, of 2, 4, 4 and 2 an interval of t(3) sqrt((4/3)/4).
    sums = SampleSums(fieldCount: 2, expected: 6)
    for gain in [2.0, 4, 4, 2] { sums.append([gain, 6 - gain], whole: 6) }
    sums.estimate(into: &means, errors: &errors, scale: 1)
    #expect(means == [3, 3])
    let half = 3.182446305 * (4.0 / 3 / 4).squareRoot()
    #expect(errors.allSatisfy { abs($0 - half) < 1e-9 })
  }

  @Test func `orders are drawn evenly, and by seed and key alone`() {
    var one = SeededOrder(seed: 1, key: 2)
    var same = SeededOrder(seed: 1, key: 2)
    var other = SeededOrder(seed: 1, key: 3)
    let drawn = (0..<50).map { _ in one.next(below: 1_000) }
    #expect(drawn == (0..<50).map { _ in same.next(below: 1_000) })
    #expect(drawn != (0..<50).map { _ in other.next(below: 1_000) })
    var counts = [[Int]: Int]()
    for _ in 0..<6_000 {
      var list = [0, 1, 2]
      one.shuffle(&list)
      counts[list, default: 0] += 1
    }
    // Six orders of about 1,000 each; 150 are five deviations.
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1_000) < 150 })
  }

  // MARK: Against enumeration

  private static func network(_ activation: String, seed: UInt64) throws -> ModelCase {
    let network = NetworkCase(
      numbers: 6, hidden: [activation], outputs: 1, size: 1.5, seed: seed)
    return try ModelCase(
      numbers: 6, seed: seed, rowCount: 12, backgroundCount: 9,
      body: network.document(
        "regression", target: "amount", outputs: [(0, "<FieldRef field=\"amount\"/>")]))
  }

  private static func game(_ tested: ModelCase) throws -> MixtureGame {
    try MixtureGame(
      tested.model, try RawNumber(tested.model, .predictedValue), tested.matrix)
  }

  @Test(arguments: ["tanh", "rectifier", "square"])
  func `intervals hold the values of the game about as often as they say`(
    activation: String
  ) throws {
    let tested = try Self.network(activation, seed: 21)
    let game = try Self.game(tested)
    let exact = try CoalitionScores(game, because: "")
    let sampled = try SampledScores(game, scoreCount: 240)
    var space = tested.model.makeWorkspace()
    var room = MixtureRoom()
    var (held, all) = (0, 0)
    for (number, row) in tested.rows.enumerated() {
      tested.set(row, &space)
      _ = tested.model.score(&space)
      var values = [Double](repeating: 0, count: 7)
      _ = try #require(exact.attribute(space, &room, into: &values))
      for key in 0..<4 {
        var (estimates, errors) = (values, values)
        let found = try #require(
          sampled.attribute(
            space, key: UInt64(number * 4 + key), &room, into: &estimates, errors: &errors))
        #expect(found.scoreCount <= 240 && found.scoreCount > 200)
        let explained = estimates.reduce(game.baseValue, +)
        #expect(abs(explained - found.rawScore) <= 1e-9 * (1 + abs(found.rawScore)))
        for field in values.indices {
          all += 1
          held += abs(estimates[field] - values[field]) <= errors[field] + 1e-12 ? 1 : 0
        }
      }
    }
    // 336 intervals; of 95 % ones fewer than 90 % would hold once in 10,000 times. Background rows are
    // drawn without putting back, which makes intervals rather wide.
    #expect(Double(held) / Double(all) >= 0.9, "\(held) of \(all)")
  }

  @Test func `more scores bring estimates nearer`() throws {
    let tested = try Self.network("tanh", seed: 22)
    let game = try Self.game(tested)
    let exact = try CoalitionScores(game, because: "")
    var space = tested.model.makeWorkspace()
    var room = MixtureRoom()
    var squares: [Double] = []
    for count in [100, 1_600] {
      let sampled = try SampledScores(game, scoreCount: count)
      var sum = 0.0
      for (number, row) in tested.rows.prefix(6).enumerated() {
        tested.set(row, &space)
        _ = tested.model.score(&space)
        var values = [Double](repeating: 0, count: 7)
        var (estimates, errors) = (values, values)
        _ = exact.attribute(space, &room, into: &values)
        _ = sampled.attribute(
          space, key: UInt64(number), &room, into: &estimates, errors: &errors)
        sum += zip(values, estimates).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      squares.append(sum)
    }
    // Sixteen times the scores: a sixteenth of the variance, give or take.
    #expect(squares[1] < squares[0] / 5)
  }

  @Test func `a field that is the background's everywhere contributes exactly nothing`() throws {
    let tested = try Self.network("tanh", seed: 23)
    var background = ModelMatrix(
      fields: (0..<6).map { ("x\($0)", .number) } + [("k", .text)])
    let row = tested.rows[0]
    for other in tested.background { background.append([row[0]] + other.dropFirst()) }
    let game = try MixtureGame(
      tested.model, try RawNumber(tested.model, .predictedValue), background)
    let sampled = try SampledScores(game, scoreCount: nil)
    var space = tested.model.makeWorkspace()
    tested.set(row, &space)
    _ = tested.model.score(&space)
    var room = MixtureRoom()
    var (estimates, errors) = ([Double](repeating: 1, count: 7), [Double](repeating: 1, count: 7))
    _ = sampled.attribute(space, key: 1, &room, into: &estimates, errors: &errors)
    #expect(estimates[0] == 0 && errors[0] == 0)
    #expect(estimates[1] != 0 && errors[1] > 0)
    // A background that is the row itself: nothing to attribute, and an end to it.
    var own = ModelMatrix(fields: (0..<6).map { ("x\($0)", .number) } + [("k", .text)])
    own.append(row)
    let still = try SampledScores(
      try MixtureGame(tested.model, try RawNumber(tested.model, .predictedValue), own),
      scoreCount: nil)
    let found = still.attribute(space, key: 1, &room, into: &estimates, errors: &errors)
    #expect(found?.scoreCount == 0 && estimates.allSatisfy { $0 == 0 })
  }

  @Test func `a room is kept from row to row, and not shared by copies`() throws {
    let game = try Self.game(try Self.network("tanh", seed: 24))
    var holder = MixtureRoom()
    let first = ObjectIdentifier(holder.take(for: game))
    #expect(ObjectIdentifier(holder.take(for: game)) == first)
    var copy = holder
    #expect(ObjectIdentifier(copy.take(for: game)) != first)
    #expect(ObjectIdentifier(holder.take(for: game)) == first)
  }

  // MARK: Models

  /// 14 fields, of which some decide by rules.
  private static func rules(_ numbers: Int) -> String {
    """
    <RuleSetModel functionName="classification">\(ModelCase.miningFields(numbers, target: "target"))
      <RuleSet defaultScore="no" defaultConfidence="0.5">
        <RuleSelectionMethod criterion="weightedMax"/>
        <SimpleRule id="one" score="yes" weight="3" confidence="0.875">
          <CompoundPredicate booleanOperator="and">
            <SimplePredicate field="x0" operator="greaterThan" value="0"/>
            <SimplePredicate field="k" operator="equal" value="a"/></CompoundPredicate></SimpleRule>
        <SimpleRule id="two" score="no" weight="2" confidence="0.75">
          <SimplePredicate field="x1" operator="lessThan" value="0.5"/></SimpleRule>
        <SimpleRule id="three" score="yes" weight="1" confidence="0.625"><True/></SimpleRule>
      </RuleSet></RuleSetModel>
    """
  }

  private static func neighbors(_ numbers: Int, _ scoring: String, target: String) -> String {
    var random = SeededGenerator(seed: 31)
    let columns = (0..<numbers).map { "x\($0)" }
    let rows = (0..<12).map { place in
      let cells = columns.map { "<\($0)>\(Double.random(in: -2...2, using: &random))</\($0)>" }
      let value = target == "amount" ? "\(place * place)" : place % 3 == 0 ? "yes" : "no"
      return "<row>\(cells.joined())<goal>\(value)</goal></row>"
    }
    let fields = columns.map { "<InstanceField field=\"\($0)\" column=\"\($0)\"/>" }.joined()
    let inputs = columns.map { "<KNNInput field=\"\($0)\"/>" }.joined()
    let function = target == "amount" ? "regression" : "classification"
    return """
      <NearestNeighborModel functionName="\(function)" numberOfNeighbors="3" \(scoring)>
        \(ModelCase.miningFields(numbers, target: target))
        <TrainingInstances><InstanceFields>\(fields)
          <InstanceField field="\(target)" column="goal"/></InstanceFields>
          <InlineTable>\(rows.joined())</InlineTable></TrainingInstances>
        <ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>
        <KNNInputs>\(inputs)</KNNInputs></NearestNeighborModel>
      """
  }

  private static let cases: [(name: String, result: ModelResult, body: @Sendable (Int) -> String)] =
    [
      ("rules", .probability("yes"), { rules($0) }),
      (
        "mean of neighbours", .predictedValue,
        { neighbors($0, "continuousScoringMethod=\"average\"", target: "amount") }
      ),
      (
        "weighted mean", .predictedValue,
        { neighbors($0, "continuousScoringMethod=\"weightedAverage\"", target: "amount") }
      ),
      (
        "votes of neighbours", .probability("yes"),
        { neighbors($0, "categoricalScoringMethod=\"majorityVote\"", target: "target") }
      ),
    ]

  @Test(arguments: cases.indices) func `of few fields every coalition is scored`(place: Int) throws
  {
    let (_, result, body) = Self.cases[place]
    let tested = try ModelCase(numbers: 3, seed: 32, body: body(3))
    let attributor = try Attributor(tested.model, result, background: tested.matrix)
    #expect(attributor.method == "every coalition, 3 rows, exact")
    let resolved = try #require(tested.model.resolve(result))
    var space = tested.model.makeWorkspace()
    try tested.check(attributor) { row in
      tested.set(row, &space)
      return tested.model.score(&space) ? tested.model.value(resolved, in: space) : .nan
    }
  }

  @Test(arguments: cases.indices) func `of many fields orders are sampled, and said to be`(
    place: Int
  ) throws {
    let (_, result, body) = Self.cases[place]
    let tested = try ModelCase(numbers: 13, seed: 33, rowCount: 2, body: body(13))
    guard case .estimated(let reason) = tested.model.signature.attribution else {
      Issue.record("\(tested.model.signature.attribution)")
      return
    }
    #expect(reason.contains("14 fields have too many coalitions"))
    #expect(throws: AttributionRefusal.self) {
      _ = try Attributor(tested.model, result, background: tested.matrix)
    }
    #expect(throws: AttributionRefusal.self) {
      _ = try Attributor(
        tested.model, result, background: tested.matrix,
        estimates: Attributor.Estimates(scoreCount: 111))
    }
    let attributor = try Attributor(
      tested.model, result, background: tested.matrix,
      estimates: Attributor.Estimates(scoreCount: 300))
    #expect(attributor.kind == .sampled)
    #expect(attributor.method == "sampled, 300 scores a row, 3 rows, 95 % intervals")
    var space = tested.model.makeWorkspace()
    var room = attributor.makeWorkspace()
    let scorer = BlockScorer(tested.model)
    let block = scorer.makeWorkspace()
    var blockRoom = attributor.makeBlockRoom()
    for row in tested.rows {
      tested.set(row, &space)
      #expect(tested.model.score(&space))
      let outcome = try #require(attributor.attribute(space, key: 9, &room))
      #expect(outcome.evaluationCount <= 300)
      let (first, errors) = (room.attributions, room.errors)
      // Another task's copy of the room, another row in between, a block: the same bits.
      var copy = room
      _ = attributor.attribute(space, key: 10, &room)
      #expect(attributor.attribute(space, key: 9, &copy) == outcome)
      #expect(copy.attributions == first && copy.errors == errors)
      scorer.clear(block)
      block.takeTexts(of: space)
      for input in row.indices {
        scorer.set(
          number: tested.model.input(input, in: space), input: input, row: 2, in: block)
      }
      scorer.score(3, block)
      attributor.attribute(block, rowCount: 3, firstKey: 7, &blockRoom)
      #expect(blockRoom.outcomes[2] == outcome)
      for field in first.indices {
        #expect(blockRoom.attributions[field * 64 + 2] == first[field])
        #expect(blockRoom.errors[field * 64 + 2] == errors[field])
      }
    }
  }

  @Test func `a result that is no number is refused, estimates or not`() throws {
    let tested = try ModelCase(numbers: 13, seed: 1, body: Self.rules(13))
    do throws(AttributionRefusal) {
      _ = try Attributor(
        tested.model, .predictedValue, background: tested.matrix,
        estimates: Attributor.Estimates())
      Issue.record("not refused")
    } catch {
      #expect(error.reason.contains("a predicted class is no number"))
    }
  }

  @Test func `texts that the model does not know are mixed as any others`() throws {
    let tested = try ModelCase(numbers: 2, seed: 41, body: Self.rules(2))
    var background = ModelMatrix(fields: [("x0", .number), ("x1", .number), ("k", .text)])
    background.append([.number(1), .number(2), .text("never seen")])
    background.append([.number(1), .number(2), .text("a")])
    let attributor = try Attributor(
      tested.model, .probability("yes"), background: background)
    var space = tested.model.makeWorkspace()
    var room = attributor.makeWorkspace()
    for (text, isChosen) in [("a", true), ("another", false), ("never seen", false)] {
      tested.set([.number(1), .number(2), .text(text)], &space)
      #expect(tested.model.score(&space))
      let outcome = try #require(attributor.attribute(space, &room))
      // Half of the background has the category that the first rule asks for.
      #expect(outcome.residual.magnitude < 1e-15)
      #expect((room.attributions[2] > 0) == isChosen && room.attributions[0] == 0)
    }
  }
}
