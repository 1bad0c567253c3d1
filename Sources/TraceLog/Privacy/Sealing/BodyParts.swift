internal import DataFields
internal import DecisionTrace

/// Goes through the parts of a body in order, and says which of its bytes are kept apart.
///
/// One walk serves cutting a body apart and joining it again; they differ in where the bytes come
/// from and where they go. `docs/trace.md` has the parts.
protocol BodyParts {
  /// Where the next byte comes from.
  var cursor: ByteCursor { get set }
  /// The decision's identity ends here, among the bytes that stay.
  mutating func endHead()
  /// The bytes from here to ``endItem()`` are kept apart, as the item with this place.
  mutating func beginItem(_ item: Int)
  mutating func endItem()
}

extension BodyParts {
  @inline(__always)
  mutating func walk(_ plan: SealingPlan) throws(TraceFault) {
    let version = try cursor.byte()
    guard version == TraceBodyEncoder.version else {
      throw cursor.fault("trace version \(version) is not known")
    }
    try cursor.skip(32)
    try cursor.skipText()
    try cursor.skipNumber()
    try cursor.skipNumber()
    endHead()
    beginItem(SealingPlan.subjectItem)
    try cursor.skipText()
    endItem()
    try skipOptionalNumber()
    for field in plan.fields {
      if let item = field.item { beginItem(item) }
      if TracedValueTag.state(try cursor.byte()) == .present { try skipScalar(field.form) }
      if field.item != nil { endItem() }
    }
    try cursor.skip(plan.rankCount)
    for _ in 0..<plan.ruleCount { try skipOptionalNumber() }
    for item in plan.models {
      if let item { beginItem(item) }
      try skipModel()
      if item != nil { endItem() }
    }
    try skipResult(plan)
    if try cursor.byte() != 0 {
      try cursor.skipNumber()
      try skipOutcome(plan)
    }
    if try cursor.byte() != 0 { try cursor.skipText() }
    beginItem(plan.lineageItem)
    if try cursor.number() > 0 { try cursor.skip(32) }
    endItem()
    let conversions = try cursor.count()
    for _ in 0..<conversions {
      try cursor.skipText()
      try cursor.skipText()
      try cursor.skipNumber()
      try cursor.skipNumber()
      try cursor.skipNumber()
    }
  }

  @inline(__always)
  private mutating func skipScalar(_ form: TracedForm) throws(TraceFault) {
    switch form {
    case .word: try cursor.skipNumber()
    case .quotient:
      try cursor.skipNumber()
      try cursor.skipNumber()
    case .text: try cursor.skipText()
    case .double: try cursor.skip(8)
    }
  }

  /// A byte, and unless it is 0 a number.
  @inline(__always)
  private mutating func skipOptionalNumber() throws(TraceFault) {
    if try cursor.byte() != 0 { try cursor.skipNumber() }
  }

  private mutating func skipModel() throws(TraceFault) {
    let form = try cursor.byte()
    guard form > 0 else { return }
    guard form <= 2 else { throw cursor.fault("unknown form of attributions") }
    try cursor.skip(16)
    let listed = try cursor.count()
    for _ in 0..<listed {
      try cursor.skipNumber()
      try cursor.skip(8)
    }
    if try cursor.number() > 0 { try cursor.skip(8) }
    guard form == 2 else { return }
    try cursor.skip(32)
    try cursor.skipNumber()
    let errors = try cursor.count()
    if errors > 0 { try cursor.skip(8 * (errors + 1)) }
  }

  private mutating func skipResult(_ plan: SealingPlan) throws(TraceFault) {
    switch try cursor.byte() {
    case 1:
      try cursor.skipNumber()
      try skipOutcome(plan)
    case 2:
      try cursor.skip(1)
      for _ in 0..<3 { try skipOptionalNumber() }
    default: throw cursor.fault("unknown result")
    }
  }

  private mutating func skipOutcome(_ plan: SealingPlan) throws(TraceFault) {
    let count = plan.outcomeIsList ? try cursor.count() : 1
    for _ in 0..<count { try skipScalar(plan.outcomeForm) }
  }
}

/// Finds where a body is cut into what stays and what is kept apart.
struct BodyCuts: BodyParts {
  var cursor: ByteCursor
  /// Where items start and end in the body, by turns.
  private(set) var offsets: [Int]
  /// How much of the body its identity takes.
  private(set) var headLength = 0

  /// - Parameter memory: an array whose memory is used again.
  init(_ body: [UInt8], reusing memory: consuming [Int]) {
    cursor = ByteCursor(body)
    memory.removeAll(keepingCapacity: true)
    offsets = memory
  }

  mutating func find(_ plan: SealingPlan) throws(TraceFault) {
    try walk(plan)
    guard cursor.isAtEnd else { throw cursor.fault("bytes follow the trace") }
  }

  mutating func endHead() { headLength = cursor.offset }
  mutating func beginItem(_ item: Int) { offsets.append(cursor.offset) }
  mutating func endItem() { offsets.append(cursor.offset) }
}

/// Joins what stays and what was kept apart into the body that both are of.
struct BodyJoiner: BodyParts {
  var cursor: ByteCursor
  /// The other side's place while one side is read.
  private var other: ByteCursor
  private(set) var body: [UInt8] = []
  /// Where each item ends among the bytes that were kept apart.
  private(set) var itemEnds: [Int] = []
  private var start: Int

  /// - Parameters:
  ///   - entry: bytes that hold what stays from `publicOffset` on.
  ///   - items: bytes that hold the items from `itemOffset` on.
  init(entry: [UInt8], from publicOffset: Int, items: [UInt8], from itemOffset: Int) {
    cursor = ByteCursor(entry, from: publicOffset)
    other = ByteCursor(items, from: itemOffset)
    start = publicOffset
    body.reserveCapacity(entry.count + items.count)
  }

  mutating func join(_ plan: SealingPlan) throws(TraceFault) {
    try walk(plan)
    guard cursor.isAtEnd, other.isAtEnd else { throw cursor.fault("bytes follow the trace") }
    copy()
  }

  mutating func endHead() {}

  mutating func beginItem(_ item: Int) { turn() }

  mutating func endItem() {
    itemEnds.append(cursor.offset)
    turn()
  }

  private mutating func turn() {
    copy()
    swap(&cursor, &other)
    start = cursor.offset
  }

  private mutating func copy() { body += cursor.bytes[start..<cursor.offset] }
}
