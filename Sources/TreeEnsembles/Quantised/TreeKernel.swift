internal import CTreeKernels

/// The instructions that trees over bytes are scored with; which one is a matter of speed alone.
package struct TreeKernel: Sendable {
  package let name: String
  /// Nil for the kernel in Swift, which runs everywhere.
  private let kernel: ctree_kernel?

  /// Every kernel that this processor runs, the fastest first.
  package static let all: [TreeKernel] = {
    var kernels: [TreeKernel] = []
    while let name = ctree_kernel_at(Int32(kernels.count)).name {
      kernels.append(
        TreeKernel(
          name: String(cString: name), kernel: ctree_kernel_at(Int32(kernels.count))))
    }
    return kernels + [TreeKernel(name: "portable", kernel: nil)]
  }()

  package static let fastest = all[0]

  func quantise(
    _ edges: UnsafePointer<Double>, _ values: UnsafePointer<Double>,
    low: UnsafeMutablePointer<UInt8>, high: UnsafeMutablePointer<UInt8>
  ) -> UInt64 {
    var missing: UInt64 = 0
    if let quantise = kernel?.quantise {
      quantise(edges, values, low, high, &missing)
    } else {
      PortableKernel.quantise(edges, values, low, high, &missing)
    }
    return missing
  }

  func add(_ group: QuantisedGroup, _ forest: QuantisedForest, _ room: QuantisedRoom) {
    // Reading the arrays in place: nothing is copied and nothing escapes.
    group.trees.withUnsafeBufferPointer { trees in
      group.tests.withUnsafeBufferPointer { tests in
        group.sets.withUnsafeBufferPointer { sets in
          group.nulls.withUnsafeBufferPointer { nulls in
            func run(_ values: UnsafeRawPointer?) {
              var plan = ctree_forest(
                trees: trees.baseAddress, tree_count: UInt32(trees.count),
                output_count: UInt32(forest.outputCount), tests: tests.baseAddress,
                sets: sets.baseAddress, values: values, nulls: nulls.baseAddress)
              if let kernel {
                let add = forest.isFloat ? kernel.add_float : kernel.add_double
                add?(&plan, room.codes, room.masks, room.results, room.sums, room.missing)
              } else {
                PortableKernel.add(
                  plan, room.codes, room.masks, room.results, room.sums, room.missing,
                  isFloat: forest.isFloat)
              }
            }
            if forest.isFloat {
              group.floats.withUnsafeBytes { run($0.baseAddress) }
            } else {
              group.doubles.withUnsafeBytes { run($0.baseAddress) }
            }
          }
        }
      }
    }
  }
}
