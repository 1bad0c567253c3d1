internal import Decisions
internal import EventIngest
internal import FileIO

/// Decisions that are made to be looked at, by the engine that decides everywhere; nothing is kept.
enum Rehearsal {
  /// Runs to the end of the inputs that `options` name.
  ///
  /// - Parameters:
  ///   - progress: called now and then with the number of records so far.
  ///   - take: called with each decision, in the order in which they are made.
  static func run(
    _ library: DecisionLibrary, _ options: IngestRun.Options,
    progress: (Int) -> Void = { _ in }, take: (Decision) throws -> Void
  ) throws -> IngestRun.Summary {
    do {
      let run = try IngestRun(library: library, options: options)
      var failure: (any Error)?
      let summary = try withoutActuallyEscaping(take) { take in
        run.onDecision = { decision in
          guard failure == nil else { return }
          do { try take(decision) } catch { failure = error }
        }
        defer { run.onDecision = nil }
        return try run.run(progress: progress)
      }
      if let failure { throw failure }
      return summary
    } catch let error as IngestError {
      throw DecideCommand.commandError(error)
    }
  }
}
