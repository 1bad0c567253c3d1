public import CoreMetrics
internal import Synchronization

/// Takes the metrics of a program and shows them in the text format of Prometheus (version 0.0.4).
///
/// Recorders that aggregate, and timers (in seconds), are histograms.
public final class PrometheusMetrics: MetricsFactory {
  private struct Key: Hashable {
    var label: String
    var dimensions: [String]
  }

  private struct Registry {
    var series: [Key: any PrometheusSeries] = [:]
  }

  private let registry = Mutex(Registry())

  public init() {}

  private func series<Series: PrometheusSeries>(
    _ label: String, _ dimensions: [(String, String)], _ make: () -> Series
  ) -> Series {
    let key = Key(
      label: PrometheusText.name(label),
      dimensions: dimensions.map { PrometheusText.label($0.0, $0.1) })
    return registry.withLock { registry in
      if let known = registry.series[key] as? Series { return known }
      let made = make()
      registry.series[key] = made
      return made
    }
  }

  /// All series, in the order of their names.
  public func text() -> String {
    let all = registry.withLock { registry in
      registry.series.map { (key: $0.key, series: $0.value) }
    }.sorted {
      ($0.key.label, $0.key.dimensions.joined()) < ($1.key.label, $1.key.dimensions.joined())
    }
    var text = ""
    var last = ""
    for (key, series) in all {
      if key.label != last {
        text += "# TYPE \(key.label) \(series.type)\n"
        last = key.label
      }
      series.append(name: key.label, labels: key.dimensions, to: &text)
    }
    return text
  }

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions) { CounterSeries() }
  }

  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    aggregate
      ? series(label, dimensions) { HistogramSeries() }
      : series(label, dimensions) { GaugeSeries() }
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions) { HistogramSeries() }
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions) { GaugeSeries() }
  }

  // A series that nobody writes any more keeps its last value: Prometheus forgets none either.
  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}
  public func destroyMeter(_ handler: any MeterHandler) {}
}

/// One line, or the lines of one histogram.
protocol PrometheusSeries: AnyObject, Sendable {
  var type: String { get }
  func append(name: String, labels: [String], to text: inout String)
}

final class CounterSeries: CounterHandler, PrometheusSeries {
  private let value = Mutex<Int64>(0)
  var type: String { "counter" }

  func increment(by amount: Int64) { value.withLock { $0 &+= amount } }
  func reset() { value.withLock { $0 = 0 } }

  func append(name: String, labels: [String], to text: inout String) {
    PrometheusText.line(name, labels, "\(value.withLock { $0 })", to: &text)
  }
}

final class GaugeSeries: RecorderHandler, MeterHandler, PrometheusSeries {
  private let value = Mutex<Double>(0)
  var type: String { "gauge" }

  func record(_ new: Int64) { value.withLock { $0 = Double(new) } }
  func record(_ new: Double) { value.withLock { $0 = new } }
  func set(_ new: Int64) { record(new) }
  func set(_ new: Double) { record(new) }
  func increment(by amount: Double) { value.withLock { $0 += amount } }
  func decrement(by amount: Double) { value.withLock { $0 -= amount } }

  func append(name: String, labels: [String], to text: inout String) {
    PrometheusText.line(name, labels, PrometheusText.number(value.withLock { $0 }), to: &text)
  }
}

final class HistogramSeries: RecorderHandler, TimerHandler, PrometheusSeries {
  /// Upper ends; times are in seconds.
  static let bounds = [
    0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]

  private struct State {
    var buckets = [Int](repeating: 0, count: HistogramSeries.bounds.count)
    var count = 0
    var sum = 0.0
  }

  private let state = Mutex(State())
  var type: String { "histogram" }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    let bucket = Self.bounds.firstIndex { value <= $0 }
    state.withLock { state in
      if let bucket { state.buckets[bucket] += 1 }
      state.count += 1
      state.sum += value
    }
  }

  func append(name: String, labels: [String], to text: inout String) {
    let state = state.withLock { $0 }
    var below = 0
    for (bound, count) in zip(Self.bounds, state.buckets) {
      below += count
      let end = PrometheusText.label("le", PrometheusText.number(bound))
      PrometheusText.line(name + "_bucket", labels + [end], "\(below)", to: &text)
    }
    PrometheusText.line(name + "_bucket", labels + ["le=\"+Inf\""], "\(state.count)", to: &text)
    PrometheusText.line(name + "_sum", labels, PrometheusText.number(state.sum), to: &text)
    PrometheusText.line(name + "_count", labels, "\(state.count)", to: &text)
  }
}

/// The text format's own words.
enum PrometheusText {
  /// A name of letters, digits, `_` and `:`.
  static func name(_ text: String) -> String {
    let kept = text.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", ":": Character(scalar)
      default: "_"
      }
    }
    let name = String(kept)
    return name.first?.isNumber ?? true ? "_" + name : name
  }

  static func label(_ name: String, _ value: String) -> String {
    var escaped = ""
    for character in value {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.append(character)
      }
    }
    return "\(Self.name(name))=\"\(escaped)\""
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  static func line(_ name: String, _ labels: [String], _ value: String, to text: inout String) {
    text += labels.isEmpty ? name : "\(name){\(labels.joined(separator: ","))}"
    text += " \(value)\n"
  }
}
