package import DataFields
package import DecisionTrace

/// Shows one item of one trace, and nothing else of what is kept apart: its name, value and salt, and
/// the commitments to the other items.
///
/// With the entry it proves that the item was part of the decision when it was logged; with a proof
/// that the entry is in the log, that it still is.
package struct Disclosure: Sendable, Hashable {
  /// The entry of the trace, as the log stores it.
  package var entry: [UInt8]
  /// `subject`, `value NAME`, `model NAME` or `lineage`.
  package var name: String
  /// The item's bytes as in the body; of a value, state and origin first.
  package var value: [UInt8]
  package var salt: [UInt8]
  /// The commitments to the items before this one, and to those after it.
  package var before: [[UInt8]]
  package var after: [[UInt8]]

  package init(
    entry: [UInt8], name: String, value: [UInt8], salt: [UInt8], before: [[UInt8]],
    after: [[UInt8]]
  ) {
    self.entry = entry
    self.name = name
    self.value = value
    self.salt = salt
    self.before = before
    self.after = after
  }

  /// Of an item of a trace that was opened; nil if it has no item of this name.
  package init?(_ name: String, of trace: SealedTrace) {
    guard let place = trace.items.firstIndex(where: { $0.name == name }) else { return nil }
    let item = trace.items[place]
    self.init(
      entry: trace.entry.bytes, name: name, value: item.value, salt: item.salt,
      before: trace.items[..<place].map(\.commitment),
      after: trace.items[(place + 1)...].map(\.commitment))
  }

  /// Why a disclosure proves nothing.
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    case malformed(TraceFault)
    /// It is of another entry than the one that was asked about.
    case otherEntry
    /// The entry commits to something else.
    case notCommitted
    /// The schema has no such item there.
    case noSuchItem(String)

    package var description: String {
      switch self {
      case .malformed(let fault): "the disclosure is not whole: \(fault)"
      case .otherEntry: "the disclosure is of another entry"
      case .notCommitted: "the entry does not commit to this value"
      case .noSuchItem(let name): "the schema has no item `\(name)` at this place"
      }
    }
  }

  /// Checks that the entry commits to the item.
  ///
  /// - Parameter expected: the entry that a proof or a log is about; nil to take the disclosure's own
  ///   word for it.
  /// - Returns: the entry, whose identity says which decision it is of.
  package func verify(entry expected: [UInt8]?) throws(Fault) -> SealedEntry {
    if let expected, expected != entry { throw .otherEntry }
    let sealed: SealedEntry
    do throws(TraceFault) { sealed = try SealedEntry(entry) } catch { throw .malformed(error) }
    guard salt.count == ItemCommitment.saltSize,
      (before + after).allSatisfy({ $0.count == ItemCommitment.size })
    else {
      throw .malformed(TraceFault(offset: 0, reason: "a salt or commitment has a wrong size"))
    }
    let own = ItemCommitment.commitment(name: name, salt: salt, value: value)
    guard ItemCommitment.root(before + [own] + after) == sealed.root else { throw .notCommitted }
    return sealed
  }

  /// What was shown.
  package enum Shown: Sendable, Hashable {
    case subject(String)
    case value(Trace.Value)
    case model(Trace.Model)
    case lineage(length: Int, head: Digest?)
  }

  /// Reads the item with the schema that the entry names.
  package func shown(_ plan: SealingPlan) throws(Fault) -> Shown {
    let place = before.count
    guard plan.itemNames.indices.contains(place), plan.itemNames[place] == name,
      plan.itemNames.count == before.count + 1 + after.count
    else { throw .noSuchItem(name) }
    do throws(TraceFault) {
      if let field = plan.fields.firstIndex(where: { $0.item == place }) {
        return .value(try Trace.Value(bytes: value, field: plan.schema.fields[field]))
      }
      if let model = plan.models.firstIndex(where: { $0 == place }) {
        return .model(try Trace.Model(bytes: value, model: plan.schema.models[model]))
      }
      var input = ByteDecoder(value)
      let shown: Shown
      if place == SealingPlan.subjectItem {
        shown = .subject(try input.text())
      } else {
        let length = try input.number()
        shown = .lineage(length: length, head: length > 0 ? try input.digest() : nil)
      }
      guard input.isAtEnd else { throw input.fault("bytes follow the item") }
      return shown
    } catch {
      throw .malformed(error)
    }
  }
}
