import DataFields
import PMML

extension Attributor {
  /// How a model's attributions are found.
  enum Method: Sendable {
    case additive(AdditiveForm, PreparedParts)
    case enumeration(CoalitionScores)
    case margins(ClusterMargins)
    case path(NetworkPath)
    case sampled(SampledScores)
  }

  /// What is made ready before the first row.
  struct Prepared {
    let way: Method
    let baseValue: Double
    let method: String
    let attributed: String
    var link: String?
    var slots: [Int] = []
    var single: SinglePrecision?

    init(
      _ model: CompiledModel, _ result: ModelResult, _ background: ModelMatrix?,
      _ covers: NodeCovers?, _ estimates: Estimates?
    ) throws(AttributionRefusal) {
      if model.signature.function == .clustering, case .predictedValue = result {
        do throws(AdditiveForm.Refusal) {
          way = .margins(try ClusterMargins(model.program))
        } catch { throw AttributionRefusal(error.reason) }
        baseValue = 0
        method = "difference of measures, exact"
        attributed = "how much nearer the cluster is than the next one"
        return
      }
      let reason: String
      do throws(AttributionRefusal) {
        let form: AdditiveForm
        do throws(AdditiveForm.Refusal) {
          form = try AdditiveForm(model.program, result)
        } catch { throw AttributionRefusal(error.reason) }
        let parts = try PreparedParts(form, model, background, covers)
        way = .additive(form, parts)
        slots = parts.slots
        let isSingle = form.keepsRawScore && model.program.units.contains { $0.isFloat }
        single = isSingle ? parts.singlePrecision : nil
        baseValue = parts.baseValue
        method =
          background.map { "interventional, \(Self.rows($0.rowCount)), exact" }
          ?? "path-dependent\(covers.map { " \($0.note)" } ?? ""), exact"
        attributed = form.name
        link = form.link
        return
      } catch { reason = error.reason }
      guard let background, covers == nil else { throw AttributionRefusal(reason) }
      let game = try Self.game(model, result, background, because: reason)
      let rows = Self.rows(background.rowCount)
      attributed = game.number.name
      link = game.number.link
      do throws(AttributionRefusal) {
        way = .enumeration(try CoalitionScores(game, because: reason))
        baseValue = game.baseValue
        method = "every coalition, \(rows), exact"
        return
      } catch { guard estimates != nil else { throw error } }
      if let form = game.number.network,
        let path = try? NetworkPath(
          form, model, BackgroundFeeds(model, background), rowCount: background.rowCount)
      {
        way = .path(path)
        baseValue = path.baseValue
        method = "integrated gradients, \(path.note), from the mean of \(rows)"
        return
      }
      let sampled = try SampledScores(game, scoreCount: estimates?.scoreCount)
      way = .sampled(sampled)
      baseValue = game.baseValue
      method = "sampled, \(sampled.scoreCount) scores a row, \(rows), 95 % intervals"
    }

    private static func game(
      _ model: CompiledModel, _ result: ModelResult, _ background: ModelMatrix, because: String
    ) throws(AttributionRefusal) -> MixtureGame {
      let number: RawNumber
      do throws(AdditiveForm.Refusal) {
        number = try RawNumber(model, result)
      } catch { throw AttributionRefusal(because) }
      return try MixtureGame(model, number, background)
    }

    private static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }
  }
}
