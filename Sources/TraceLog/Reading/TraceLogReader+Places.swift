extension TraceLogReader {
  /// Calls `visit` with the traces at some places, which rise, until it returns false. What lies
  /// between them is not read; places that hold no trace are passed over.
  package func traces(
    at places: [Int], _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    var failure: TraceLogError?
    try LogEntries(log: path).entries(at: places) { entry in
      do throws(TraceLogError) {
        guard let trace = try trace(entry) else { return true }
        return visit(trace)
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
  }
}
