internal import DataFields
internal import DenseKernels

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
  let machines: [Machine]
  let vectorCount: Int
  /// The vectors, some at a time, so that what they give for a block of rows stays near.
  let parts: [DenseLayer]
  /// Whether each machine names its vectors in their order, so that it can add them up part by part.
  let isInOrder: Bool

  /// How many vectors are in a part.
  static let partCount = 32

  init(
    _ model: SupportVectorMachineModel, coordinates: [Coordinate], machines: [Machine]
  ) {
    kernel = model.kernel
    method = model.method
    maxWins = model.maxWins
    self.coordinates = coordinates
    self.machines = machines
    let isRadial = if case .radialBasis = model.kernel { true } else { false }
    // Of a document with faults, vectors may have too few entries; nothing is scored then.
    let isComplete = model.vectors.allSatisfy { $0.entries.count == coordinates.count }
    let vectors = isComplete && !coordinates.isEmpty ? model.vectors : []
    vectorCount = vectors.count
    parts = stride(from: 0, to: vectors.count, by: Self.partCount).map { first in
      let part = vectors[first..<min(first + Self.partCount, vectors.count)]
      return DenseLayer(
        isRadial ? .squares : .products, sources: Array(0..<Int32(coordinates.count)),
        weights: part.flatMap(\.entries), outputCount: part.count)
    }
    isInOrder = machines.allSatisfy { machine in
      zip(machine.vectors, machine.vectors.dropFirst()).allSatisfy { $0 < $1 }
    }
  }
}
