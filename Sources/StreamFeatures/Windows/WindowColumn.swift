internal import DataFields
internal import RuleLanguage

/// One aggregate over a window, of every subject.
///
/// Windows of a fixed extent lie on a grid of panes, as long as the window moves on by: an event goes
/// into one pane, and a window is the panes that it covers (Krishnamurthy, Wu, Franklin: On-the-fly
/// sharing for streamed aggregation, SIGMOD 2006). Sessions are kept whole, and an event that lies between two
/// makes them one. What no event that is still waited for can touch is let go of.
struct WindowColumn: Sendable {
  let plan: AggregatePlan
  let window: WindowPlan
  private let arithmetic: AggregateArithmetic
  /// Of each subject its panes or sessions, by their time.
  private(set) var pieces: [[WindowPiece]] = []

  init(_ plan: AggregatePlan, _ window: WindowPlan) {
    self.plan = plan
    self.window = window
    arithmetic = AggregateArithmetic(plan)
  }

  mutating func addSubject() { pieces.append([]) }

  /// Forgets what there was of a subject.
  mutating func erase(_ subject: Int) { pieces[subject] = [] }

  mutating func setPieces(_ new: [WindowPiece], of subject: Int) { pieces[subject] = new }

  /// Adds the codes of the texts that are held.
  func addTextCodes(to used: inout Set<Int32>) {
    guard plan.valueType == .text else { return }
    for pieces in pieces {
      for piece in pieces {
        used.insert(Int32(truncatingIfNeeded: piece.part.value))
        for value in piece.part.distinct { used.insert(Int32(truncatingIfNeeded: value)) }
      }
    }
  }

  /// Takes in one event's value.
  ///
  /// - Parameters:
  ///   - time: the event's, in seconds.
  ///   - latest: the time of the latest event of the lane.
  /// - Complexity: O(panes or sessions of the subject).
  mutating func add(
    _ value: Int128, over denominator: Int128, time: Int64, latest: Int64, for subject: Int
  ) {
    change(time: time, latest: latest, for: subject) { part, plan, arithmetic in
      part.add((value, denominator), time: time, plan, arithmetic)
    }
  }

  /// An event's value could not be computed: no window with this event is known.
  mutating func fail(time: Int64, latest: Int64, for subject: Int) {
    change(time: time, latest: latest, for: subject) { part, _, _ in
      part.isUnknown = true
      part.count += 1
    }
  }

  private mutating func change(
    time: Int64, latest: Int64, for subject: Int,
    _ body: (inout PartialAggregate, AggregatePlan, AggregateArithmetic) -> Void
  ) {
    forget(before: latest - Int64(window.lateness), of: subject)
    let place = piece(for: time, of: subject)
    body(&pieces[subject][place].part, plan, arithmetic)
  }

  /// Lets go of what no event at `watermark` or after can touch or read.
  private mutating func forget(before watermark: Int64, of subject: Int) {
    let end: Int64
    switch window {
    case .sliding(let extent, let slide, _):
      end = Self.floor(watermark, Int64(slide)) - Int64(extent) / Int64(slide) + 1
      if let first = pieces[subject].first, first.start >= end { return }
      pieces[subject].removeAll { $0.start < end }
    case .session(let gap, _):
      end = watermark - Int64(gap)
      if let first = pieces[subject].first, first.end > end { return }
      pieces[subject].removeAll { $0.end <= end }
    }
  }

  /// The place of the pane or session that an event belongs to, which is made if there is none.
  private mutating func piece(for time: Int64, of subject: Int) -> Int {
    switch window {
    case .sliding(_, let slide, _):
      let pane = Self.floor(time, Int64(slide))
      var place = pieces[subject].count
      // Mostly the last one.
      while place > 0, pieces[subject][place - 1].start > pane { place -= 1 }
      if place > 0, pieces[subject][place - 1].start == pane { return place - 1 }
      pieces[subject].insert(WindowPiece(start: pane, end: pane), at: place)
      return place
    case .session(let gap, _):
      return session(time, Int64(gap), subject)
    }
  }

  private mutating func session(_ time: Int64, _ gap: Int64, _ subject: Int) -> Int {
    var sessions = pieces[subject]
    pieces[subject] = []
    defer { pieces[subject] = sessions }
    var place = sessions.count
    while place > 0, sessions[place - 1].start > time { place -= 1 }
    // The one that begins at or before the event, and the one after it.
    let joinsBefore = place > 0 && time - sessions[place - 1].end < gap
    let joinsAfter = place < sessions.count && sessions[place].start - time < gap
    switch (joinsBefore, joinsAfter) {
    case (true, true):
      let after = sessions.remove(at: place)
      sessions[place - 1].end = after.end
      sessions[place - 1].part.merge(after.part, plan, arithmetic)
      return place - 1
    case (true, false):
      sessions[place - 1].end = max(sessions[place - 1].end, time)
      return place - 1
    case (false, true):
      sessions[place].start = time
      return place
    case (false, false):
      sessions.insert(WindowPiece(start: time, end: time), at: place)
      return place
    }
  }

  /// The window that a decision at a time reads: of a fixed extent the one that ends with the pane of that
  /// time; the session in which it lies.
  func value(for subject: Int, at time: Int64) -> PartialAggregate {
    var whole = PartialAggregate()
    switch window {
    case .sliding(let extent, let slide, _):
      let last = Self.floor(time, Int64(slide))
      let first = last - Int64(extent) / Int64(slide) + 1
      for pane in pieces[subject] where pane.start >= first && pane.start <= last {
        whole.merge(pane.part, plan, arithmetic)
      }
    case .session(let gap, _):
      for session in pieces[subject]
      where time > session.start - Int64(gap) && time < session.end + Int64(gap) {
        whole.merge(session.part, plan, arithmetic)
      }
    }
    return whole
  }

  /// The number of the pane of a time: rounded down, before 1970 as well.
  private static func floor(_ time: Int64, _ length: Int64) -> Int64 {
    let (quotient, rest) = time.quotientAndRemainder(dividingBy: length)
    return rest < 0 ? quotient - 1 : quotient
  }
}

/// A pane, by its number, or a session, by its first and last event.
struct WindowPiece: Sendable, Hashable {
  var start: Int64
  var end: Int64
  var part = PartialAggregate()
}

extension WindowPlan {
  /// How much earlier than the latest event of a lane an event may be.
  package var lateness: Int {
    switch self {
    case .sliding(_, _, let lateness), .session(_, let lateness): lateness
    }
  }
}
