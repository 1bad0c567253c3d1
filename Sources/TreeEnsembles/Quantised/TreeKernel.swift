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

  /// How many edges are not above each of 64 values; one more than there are for NaN.
  @inline(__always)
  func rank(
    _ edges: RankedEdges, _ values: UnsafePointer<Double>,
    into ranks: UnsafeMutablePointer<UInt16>
  ) {
    edges.padded.withUnsafeBufferPointer { padded in
      // Where there are no edges, none is read.
      let first = padded.baseAddress ?? values
      if let rank = kernel?.rank {
        rank(first, UInt32(edges.count), UInt32(edges.depth), values, ranks)
      } else {
        PortableKernel.rank(first, edges.count, edges.depth, values, ranks)
      }
    }
  }

  /// The lowest code where an index is in a set, the highest where it is not.
  @inline(__always)
  func find(
    _ set: UnsafePointer<UInt8>, _ codes: UnsafePointer<UInt8>, _ bits: UnsafePointer<UInt8>,
    into found: UnsafeMutablePointer<Int8>
  ) {
    if let find = kernel?.find {
      find(set, codes, bits, found)
    } else {
      PortableKernel.find(set, codes, bits, found)
    }
  }

  /// Adds the values of some of a group's batches to the sums.
  func add(_ group: QuantisedGroup, _ batches: Range<Int>, _ room: QuantisedRoom) {
    // Reading the arrays in place: nothing is copied and nothing escapes.
    group.batches.withUnsafeBufferPointer { own in
      group.fragments.withUnsafeBufferPointer { fragments in
        group.links.withUnsafeBufferPointer { links in
          group.trees.withUnsafeBufferPointer { trees in
            group.values.withPlan { values in
              guard let first = own.baseAddress else { return }
              var plan = ctree_forest(
                batches: first + batches.lowerBound, fragments: fragments.baseAddress,
                links: links.baseAddress, trees: trees.baseAddress, values: values,
                batch_count: UInt32(batches.count))
              let isFloat = group.values.layout.isFloat
              if let kernel {
                let add = isFloat ? kernel.add_float : kernel.add_double
                add?(&plan, room.codes, room.scratch, room.sums, room.missing)
              } else {
                PortableKernel.add(plan, room, isFloat: isFloat)
              }
            }
          }
        }
      }
    }
  }
}
