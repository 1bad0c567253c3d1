internal import FileIO
internal import TraceIndex
internal import TraceLog

/// Brings the index of a log up to it, and says on a terminal how far it has got.
enum LogIndexing {
  /// - Parameter rebuilds: whether to begin anew.
  static func bringUp(
    _ index: TraceIndex, rebuilds: Bool = false
  ) throws(TraceIndexError) -> TraceIndex.Update {
    var line = ProgressLine()
    defer { line.clear() }
    func show(_ update: TraceIndex.Update) -> Bool {
      line.show("indexing: \(PageText.count(update.added, "decision"))")
      return !Interruption.isRequested
    }
    let update = try rebuilds ? index.rebuild(progress: show) : index.update(progress: show)
    line.clear()
    if let reason = update.rebuilt {
      StandardError.write("note: the index was made anew: \(reason)\n")
    }
    return update
  }

  /// What a command says of an index that fails.
  static func failure(_ error: TraceIndexError) -> CommandFailure {
    var failure = CommandFailure(message: error.description)
    switch error {
    case .log: break
    case .busy: failure.help = "wait for it to end, or ask the log itself with --no-index"
    case .notWritable: failure.help = "`explain log list` reads the log where it has no index"
    case .damaged, .failed: failure.help = "make it anew: `explain log index --rebuild`"
    }
    return failure
  }
}
