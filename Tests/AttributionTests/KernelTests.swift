import DataFields
import PMML
import RationaleTestSupport
import Testing

@testable import Attribution

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Support vector machines against their definition: every coalition of fields, with the machine
/// written out here.
@Suite struct KernelTests {
  /// A random machine over the numbers of a row, the first of them twice (as it is and scaled), and one
  /// coordinate for each of two categories.
  private struct Machine {
    var kernel: String
    var vectors: [[Double]]
    var weights: [Double]
    var constant: Double

    init(numbers: Int, kernel: String, _ random: inout SeededGenerator) {
      self.kernel = kernel
      vectors = (0..<5).map { _ in
        (0..<numbers + 3).map { _ in Double.random(in: -1.5...1.5, using: &random) }
      }
      weights = vectors.map { _ in Double.random(in: -4...4, using: &random) }
      constant = Double.random(in: -1...1, using: &random)
    }

    static func point(_ row: [ModelMatrix.Value]) -> [Double] {
      let (numbers, category) = ModelCase.parts(row)
      return numbers + [(numbers[0] - 0.5) / 2, category == "a" ? 1 : 0, category == "b" ? 0.5 : 0]
    }

    func value(_ row: [ModelMatrix.Value]) -> Double {
      let point = Self.point(row)
      var sum = constant
      for (vector, weight) in zip(vectors, weights) {
        let product = zip(point, vector).reduce(0) { $0 + $1.0 * $1.1 }
        let square = zip(point, vector).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        switch kernel {
        case "linear": sum += weight * product
        case "radial": sum += weight * exp(-0.3 * square)
        default: sum += weight * pow(0.5 * product + 1, 3)
        }
      }
      return sum
    }

    var element: String {
      switch kernel {
      case "linear": "<LinearKernelType/>"
      case "radial": "<RadialBasisKernelType gamma=\"0.3\"/>"
      default: "<PolynomialKernelType gamma=\"0.5\" coef0=\"1\" degree=\"3\"/>"
      }
    }

    func dictionary(numbers: Int, _ others: [Machine] = []) -> String {
      let fields = (0..<numbers).map { "<FieldRef field=\"x\($0)\"/>" }.joined()
      let all = [self] + others
      let instances = all.enumerated().flatMap { machine, part in
        part.vectors.enumerated().map { place, vector in
          "<VectorInstance id=\"\(machine).\(place)\"><Array type=\"real\" n=\"\(vector.count)\">"
            + vector.map { "\($0)" }.joined(separator: " ") + "</Array></VectorInstance>"
        }
      }
      return "<VectorDictionary numberOfVectors=\"\(instances.count)\"><VectorFields>\(fields)"
        + "<FieldRef field=\"scaled\"/><CategoricalPredictor name=\"k\" value=\"a\" coefficient=\"1\"/>"
        + "<CategoricalPredictor name=\"k\" value=\"b\" coefficient=\"0.5\"/></VectorFields>"
        + "\(instances.joined())</VectorDictionary>"
    }

    func machine(_ number: Int = 0, _ attributes: String = "") -> String {
      let names = vectors.indices.map { "<SupportVector vectorId=\"\(number).\($0)\"/>" }.joined()
      let coefficients = weights.map { "<Coefficient value=\"\($0)\"/>" }.joined()
      return "<SupportVectorMachine \(attributes)><SupportVectors>\(names)</SupportVectors>"
        + "<Coefficients absoluteValue=\"\(constant)\">\(coefficients)</Coefficients>"
        + "</SupportVectorMachine>"
    }
  }

  private static let scaled = """
    <LocalTransformations><DerivedField name="scaled" optype="continuous" dataType="double">
      <Apply function="/"><Apply function="-"><FieldRef field="x0"/><Constant>0.5</Constant></Apply>
        <Constant>2</Constant></Apply></DerivedField></LocalTransformations>
    """

  private static func document(
    numbers: Int, _ attributes: String, target: String, _ machines: [Machine], _ names: [String]
  ) -> String {
    let parts = zip(machines, names).enumerated().map { $1.0.machine($0, $1.1) }.joined()
    return """
      <SupportVectorMachineModel \(attributes)>
        \(ModelCase.miningFields(numbers, target: target))\(scaled)\(machines[0].element)
        \(machines[0].dictionary(numbers: numbers, Array(machines.dropFirst())))\(parts)
      </SupportVectorMachineModel>
      """
  }

  @Test(arguments: ["linear", "radial"], [1, 2, 4, 6, 9])
  func `a machine's value is attributed by its kernel`(kernel: String, numbers: Int) throws {
    var random = SeededGenerator(seed: UInt64(numbers))
    let machine = Machine(numbers: numbers, kernel: kernel, &random)
    let tested = try ModelCase(
      numbers: numbers, seed: 7, rowCount: 2,
      body: Self.document(
        numbers: numbers, "functionName=\"regression\"", target: "amount", [machine], [""]))
    #expect(
      tested.model.signature.attribution
        == .needsBackground("the model does not say what its fields are on average"))
    let attributor = try Attributor(tested.model, .predictedValue, background: tested.matrix)
    #expect(attributor.method == "interventional, 3 rows, exact")
    try tested.check(attributor) { machine.value($0) }
  }

  @Test func `a target's factor carries over`() throws {
    var random = SeededGenerator(seed: 3)
    let machine = Machine(numbers: 3, kernel: "radial", &random)
    let document = Self.document(
      numbers: 3, "functionName=\"regression\"", target: "amount", [machine], [""]
    ).replacing(
      "</MiningSchema>",
      with: "</MiningSchema><Targets><Target field=\"amount\" rescaleFactor=\"-2\" "
        + "rescaleConstant=\"5\"/></Targets>")
    let tested = try ModelCase(numbers: 3, seed: 1, body: document)
    let attributor = try Attributor(tested.model, .predictedValue, background: tested.matrix)
    try tested.check(attributor) { 5 - 2 * machine.value($0) }
  }

  @Test(arguments: ["linear", "radial"], [false, true])
  func `of one machine, a class has its side of the threshold`(
    kernel: String, maxWins: Bool
  ) throws {
    var random = SeededGenerator(seed: 11)
    let machine = Machine(numbers: 3, kernel: kernel, &random)
    let tested = try ModelCase(
      numbers: 3, seed: 5,
      body: Self.document(
        numbers: 3, "functionName=\"classification\" threshold=\"0.25\" maxWins=\"\(maxWins)\"",
        target: "target", [machine],
        ["targetCategory=\"yes\" alternateTargetCategory=\"no\""]))
    let resolved = try #require(tested.model.resolve(.probability("yes")))
    for (label, sign) in [("yes", maxWins ? 1.0 : -1), ("no", maxWins ? -1 : 1)] {
      let attributor = try Attributor(
        tested.model, .probability(label), background: tested.matrix)
      #expect(attributor.attributed == "decision value for \"\(label)\"")
      #expect(attributor.link == "vote")
      try tested.check(attributor) { sign * (machine.value($0) - 0.25) }
      // A class is chosen where its decision value is above 0.
      guard label == "yes" else { continue }
      for row in tested.rows {
        var space = tested.model.makeWorkspace()
        tested.set(row, &space)
        #expect(tested.model.score(&space))
        let isChosen = tested.model.value(resolved, in: space) == 1
        #expect(isChosen == (sign * (machine.value(row) - 0.25) > 0))
      }
    }
  }

  @Test func `one against all, each class has its machine's value`() throws {
    var random = SeededGenerator(seed: 4)
    let machines = (0..<3).map { _ in Machine(numbers: 2, kernel: "radial", &random) }
    let labels = ["p", "q", "r"]
    let tested = try ModelCase(
      numbers: 2, seed: 2,
      body: Self.document(
        numbers: 2, "functionName=\"classification\"", target: "three", machines,
        labels.map { "targetCategory=\"\($0)\"" }))
    for (label, machine) in zip(labels, machines) {
      let attributor = try Attributor(
        tested.model, .probability(label), background: tested.matrix)
      #expect(attributor.link == nil)
      try tested.check(attributor) { machine.value($0) }
    }
  }

  @Test func `a machine without vectors is linear in its coordinates`() throws {
    let body = """
      <SupportVectorMachineModel functionName="regression" svmRepresentation="Coefficients">
        \(ModelCase.miningFields(2, target: "amount"))<LinearKernelType/>
        <VectorDictionary><VectorFields><FieldRef field="x0"/><FieldRef field="x1"/></VectorFields>
        </VectorDictionary>
        <SupportVectorMachine><Coefficients absoluteValue="3"><Coefficient value="2"/>
          <Coefficient value="-0.5"/></Coefficients></SupportVectorMachine>
      </SupportVectorMachineModel>
      """
    let tested = try ModelCase(numbers: 2, seed: 9, body: body)
    let attributor = try Attributor(tested.model, .predictedValue, background: tested.matrix)
    try tested.check(attributor) {
      let numbers = ModelCase.parts($0).numbers
      return 3 + 2 * numbers[0] - 0.5 * numbers[1]
    }
  }

  @Test func `a kernel that is neither a sum nor a product is enumerated`() throws {
    var random = SeededGenerator(seed: 8)
    let machine = Machine(numbers: 3, kernel: "polynomial", &random)
    let tested = try ModelCase(
      numbers: 3, seed: 6,
      body: Self.document(
        numbers: 3, "functionName=\"regression\"", target: "amount", [machine], [""]))
    let attributor = try Attributor(tested.model, .predictedValue, background: tested.matrix)
    #expect(attributor.method == "every coalition, 3 rows, exact")
    try tested.check(attributor, tolerance: 1e-10) { machine.value($0) }
  }

  @Test func `a missing coordinate leaves a row without attributions`() throws {
    var random = SeededGenerator(seed: 3)
    let machine = Machine(numbers: 2, kernel: "radial", &random)
    let tested = try ModelCase(
      numbers: 2, seed: 1,
      body: Self.document(
        numbers: 2, "functionName=\"regression\"", target: "amount", [machine], [""]))
    let attributor = try Attributor(tested.model, .predictedValue, background: tested.matrix)
    var space = tested.model.makeWorkspace()
    var room = attributor.makeWorkspace()
    tested.set([.number(1), .missing, .text("a")], &space)
    _ = tested.model.score(&space)
    #expect(attributor.attribute(space, &room) == nil)
    var background = tested.matrix
    background.append([.missing, .number(1), .text("a")])
    #expect(throws: AttributionRefusal.self) {
      _ = try Attributor(tested.model, .predictedValue, background: background)
    }
  }

  @Test(arguments: [1, 2, 7, 16, 17, 40, 90])
  func `every kernel gives the bits of the others, and the values of product games`(
    players: Int
  ) throws {
    var random = SeededGenerator(seed: UInt64(players))
    let games = 3
    func factor() -> Double { Double.random(in: 0.001...1, using: &random) }
    let present = (0..<players).map { _ in factor() }
    var absent = (0..<players * games).map { _ in factor() }
    // Some that are equal, and a game that does not count.
    for player in stride(from: 0, to: players, by: 3) { absent[player] = present[player] }
    var expected = [Double](repeating: 0, count: players)
    var scratch = ProductGame.Scratch()
    for game in 0..<games {
      ProductGame(playerLimit: players).add(
        scale: -1.5, present: present,
        absent: Array(absent[game * players..<(game + 1) * players]), to: &expected, &scratch)
    }
    var bits: [[Double]] = []
    for kernel in ShapleyKernel.all {
      let products = ProductKernel(playerCount: players)
      var room = products.makeRoom(gameCount: games)
      room.present = present
      room.absent = absent
      for _ in 0..<2 {
        products.clear(&room)
        products.add(scale: -1.5, games: games, least: 0, &room, by: kernel)
      }
      bits.append((0..<players).map { products.value($0, of: room) })
    }
    for values in bits {
      #expect(values == bits[0])
      for player in 0..<players {
        #expect(abs(values[player] - expected[player]) <= 1e-14)
      }
    }
  }

  @Test func `of many fields and far points nothing is lost that counts`() throws {
    // 80 fields: factors down to 1e-40 each, whose product is far below what a double holds.
    var random = SeededGenerator(seed: 1)
    let vectors = (0..<2).map { _ in (0..<80).map { _ in Double.random(in: -1...1, using: &random) }
    }
    let near = (0..<80).map { _ in Double.random(in: -0.2...0.2, using: &random) }
    let far = near.enumerated().map { $0 % 2 == 0 ? $1 + 9.5 : $1 }
    let machine = try KernelAttribution(
      gamma: 1, vectors: vectors.flatMap { $0 }, weights: [1e6, -2e6], players: Array(0..<80),
      background: [near, far])
    var space = machine.makeWorkspace()
    for row in [near, far] {
      var values = [Double](repeating: 0, count: 80)
      let sum = machine.add(row, to: &values, &space)
      let explained = values.reduce(machine.baseValue, +)
      #expect(abs(sum.value - explained) <= 1e-12 * (1 + sum.magnitude))
      #expect(values.allSatisfy { $0.isFinite })
    }
  }
}
