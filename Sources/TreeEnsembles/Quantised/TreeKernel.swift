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

  /// Makes the indexes of the rows whose features the room holds.
  func lookUp(_ indexes: [ctree_index], _ room: QuantisedRoom) {
    if indexes.isEmpty { return }
    indexes.withUnsafeBufferPointer { indexes in
      if let lookUp = kernel?.look_up {
        lookUp(indexes.baseAddress, UInt32(indexes.count), room.features, room.indexes)
      } else {
        PortableKernel.lookUp(indexes, room)
      }
    }
  }

  /// Turns features and indexes into a group's codes.
  func encode(_ group: QuantisedGroup, _ room: QuantisedRoom) {
    group.cells.withUnsafeBufferPointer { cells in
      group.tables.withUnsafeBufferPointer { tables in
        group.found.withUnsafeBufferPointer { found in
          var plan = ctree_encoding(
            cells: cells.baseAddress, tables: tables.baseAddress, found: found.baseAddress,
            cells_count: UInt32(cells.count), table_count: UInt32(tables.count),
            found_count: UInt32(found.count))
          if let encode = kernel?.encode {
            encode(&plan, room.features, room.indexes, room.codes)
          } else {
            PortableKernel.encode(plan, room)
          }
        }
      }
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
