/// The keys of the subjects that were asked for last: making them again costs a few hashes and a
/// look into the vault.
///
/// Two generations take turns: what is asked for moves to the younger one, and when that is full the
/// older one goes.
struct SubjectKeyCache: Sendable {
  private var young: [[UInt8]: NumberedKeys] = [:]
  private var old: [[UInt8]: NumberedKeys] = [:]
  private let limit: Int

  /// - Parameter capacity: no more subjects are held.
  init(capacity: Int) { limit = max(1, capacity / 2) }

  mutating func keys(of subject: [UInt8]) -> NumberedKeys? {
    if let found = young[subject] { return found }
    guard let found = old[subject] else { return nil }
    insert(found, subject)
    return found
  }

  mutating func insert(_ keys: NumberedKeys, _ subject: [UInt8]) {
    if young.count >= limit {
      old = young
      young.removeAll(keepingCapacity: true)
    }
    young[subject] = keys
  }

  mutating func remove(_ subject: [UInt8]) {
    young[subject] = nil
    old[subject] = nil
  }
}

/// A subject's keys, with the number by which private records refer to them.
package struct NumberedKeys: Sendable {
  package let number: Int
  package let keys: SubjectKeys
}
