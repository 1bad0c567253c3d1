internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import FileIO
internal import TraceLog
internal import TraceReports

/// A disclosure that was checked against the entry that a proof is of.
struct DisclosedItem {
  let text: String

  /// - Parameter log: where the schema is looked for that says what the bytes mean.
  /// - Throws: `CommandFailure` with exit code 5 if the entry commits to something else.
  init(_ path: String, entry: [UInt8], log: String) throws {
    let bytes = try WholeFile.read(path, limit: Disclosure.sizeLimit)
    let disclosure: Disclosure
    do { disclosure = try Disclosure(json: bytes) } catch {
      throw CommandFailure(message: "`\(path)`: \(error.reason)", exitCode: ExitCode(5))
    }
    do throws(Disclosure.Fault) {
      let sealed = try disclosure.verify(entry: entry)
      let head =
        "\(disclosure.name) of the decision on record \(sealed.record) of \(sealed.source)"
      guard let plan = try? SealingPlan(of: sealed.schema, in: log) else {
        text =
          "\(head): \(HexadecimalText.text(disclosure.value)) (without the schema, as bytes)\n"
        return
      }
      text = "\(head): \(Self.text(try disclosure.shown(plan)))\n"
    } catch {
      throw CommandFailure(message: "`\(path)`: \(error)", exitCode: ExitCode(5))
    }
  }

  private static func text(_ shown: Disclosure.Shown) -> String {
    switch shown {
    case .subject(let subject): subject
    case .value(let value): value.content?.plainText ?? "\(value.state)"
    case .model(let model): "output \(model.output), base value \(model.baseValue)"
    case .lineage(let length, let head):
      "\(length) events" + (head.map { ", head \($0.hexadecimal)" } ?? "")
    }
  }
}
