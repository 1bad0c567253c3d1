internal import DataFields

/// Support vector machines laid flat.
package final class SupportVectorMachinePlan: Sendable {
  struct Coordinate: Sendable {
    var slot: Int
    /// NaN for a number; else the category for which the coordinate is `coefficient`.
    var category: Double
    var coefficient: Double
  }

  struct Machine: Sendable {
    /// Positions among the unit's classes; -1 if there is none.
    var category: Int
    var alternate: Int
    var threshold: Double
    var absoluteValue: Double
    /// Positions of vectors; where there are none, the coefficients are those of the coordinates.
    var vectors: [Int]
    var coefficients: [Double]
  }

  let kernel: SupportVectorMachineModel.Kernel
  let method: SupportVectorMachineModel.ClassificationMethod
  let maxWins: Bool
  let coordinates: [Coordinate]
  /// Vector by vector, one number a coordinate.
  let entries: [Double]
  let machines: [Machine]

  var vectorCount: Int { coordinates.isEmpty ? 0 : entries.count / coordinates.count }

  init(
    _ model: SupportVectorMachineModel, coordinates: [Coordinate], machines: [Machine]
  ) {
    kernel = model.kernel
    method = model.method
    maxWins = model.maxWins
    entries = model.vectors.flatMap(\.entries)
    self.coordinates = coordinates
    self.machines = machines
  }
}
