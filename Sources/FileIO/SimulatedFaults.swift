internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Failures of the disk that tests ask for: at every call that changes something there.
///
/// Outside tests there is no plan, and a call costs one look at the task's own value.
package enum SimulatedFaults {
  /// What goes wrong, and when.
  package final class Plan: Sendable {
    package enum Kind: Sendable, Hashable, CaseIterable {
      /// The call fails, and every later one as well: as if the process had been killed before it.
      case death
      /// As `death`, and a write that fails has stored half of its bytes.
      case tornWrite
      /// The call fails once: a full disk that is made room on.
      case failure
    }

    private let kind: Kind
    /// The number of the call that goes wrong, from 0.
    private let place: Int
    private let calls = Atomic<Int>(0)

    package init(_ kind: Kind, at place: Int) {
      self.kind = kind
      self.place = place
    }

    /// How many calls there were.
    package var callCount: Int { calls.load(ordering: .relaxed) }

    fileprivate enum Verdict { case goesOn, fails, storesHalf }

    fileprivate func next() -> Verdict {
      let call = calls.wrappingAdd(1, ordering: .relaxed).oldValue
      switch kind {
      case .failure: return call == place ? .fails : .goesOn
      case .death: return call >= place ? .fails : .goesOn
      case .tornWrite:
        if call < place { return .goesOn }
        return call == place ? .storesHalf : .fails
      }
    }
  }

  @TaskLocal package static var plan: Plan?

  static func check(_ operation: FileError.Operation, _ path: String) throws(FileError) {
    guard let plan else { return }
    if case .goesOn = plan.next() { return }
    throw .system(operation, path, ENOSPC)
  }

  /// - Returns: how many bytes are stored before the write fails; nil if it does not.
  static func checkWrite(_ path: String, count: Int) throws(FileError) -> Int? {
    guard let plan else { return nil }
    switch plan.next() {
    case .goesOn: return nil
    case .fails: throw .system(.write, path, ENOSPC)
    case .storesHalf: return count / 2
    }
  }
}
