internal import DataFields
internal import Decisions
internal import RuleLanguage
internal import StreamFeatures

// What a lane remembers of subjects, for snapshots, changelogs and erasure.
extension DecisionLane {
  /// Whether anything is remembered of a subject.
  func knows(_ subject: String) -> Bool {
    guard let code = engine.texts.code(of: subject), let place = state.place(of: code) else {
      return false
    }
    // The place of an erased subject stays, and so does its name if the rules have it as a text.
    return !state.isEmpty(place) || inputs.contains { $0.contains(place) }
  }

  /// Forgets a subject: the state, the static records, and the name itself, unless it is a text of the
  /// rules, which say it of nobody.
  ///
  /// - Returns: whether there was anything.
  func erase(_ subject: String) -> Bool {
    guard knows(subject), let code = engine.texts.code(of: subject),
      let place = state.place(of: code)
    else { return false }
    state.erase(place)
    for index in inputs.indices { inputs[index].erase(place) }
    if Int(code) >= program.texts.count { engine.texts.erase(code) }
    return true
  }

  /// The texts beyond the program's that the state refers to, by code.
  func stateTexts() -> [String?] {
    let used = state.textCodes()
    let known = Int32(truncatingIfNeeded: program.texts.count)
    let count = Int32(truncatingIfNeeded: engine.texts.count)
    return (known..<max(known, count)).map { code in
      used.contains(code) && !engine.texts.isVacant(code) ? engine.texts.text(code) : nil
    }
  }

  /// What is remembered of a subject, as bytes that stand alone.
  func subjectBytes(_ place: Int) -> [UInt8] {
    state.subjectBytes(place) { engine.texts.text($0) }
  }

  /// The subject at a place, as text.
  func subjectText(_ place: Int) -> [UInt8] { Array(engine.texts.utf8(state.codes[place])) }

  /// Puts what another lane remembered of a subject in place of what this one does.
  ///
  /// - Returns: the subject's place.
  func setSubject(_ subject: [UInt8], bytes: ArraySlice<UInt8>) throws(SnapshotFault) -> Int {
    let place = state.addSubject(engine.texts.intern(subject.span))
    try state.setSubject(place, bytes: bytes) { engine.texts.intern($0) }
    return place
  }
}
