package import DataFields

/// Rows of a block that are mixed of the inputs of others.
extension BlockScorer {
  /// What an input holds, as it is put into a row of a block.
  package struct Input: Sendable, Hashable {
    /// A number, or the code of one of the block's texts; NaN is missing.
    package var value: Double
    package var isUnparsable: Bool
  }

  /// What an input was set to in a workspace of a single row, as a code of `texts` if it is a text.
  package func input(
    _ input: Int, of other: ScoringWorkspace, texts: inout TextInterner
  ) -> Input {
    let place = model.activeInputs[input]
    var value = other.inputs[place]
    if model.program.inputs[place].field.dataType == .string, !value.isNaN,
      Int(value) >= model.program.texts.count
    {
      // A text that the model does not know has a code of its own in each workspace.
      value = Double(texts.intern(other.texts.text(Int32(value))))
    }
    return Input(value: value, isUnparsable: other.unparsable[place])
  }

  package func set(_ value: Input, input: Int, row: Int, in space: BlockWorkspace) {
    let place = model.activeInputs[input]
    space.inputs[place * BlockWorkspace.rowCount + row] = value.value
    let bit = UInt64(1) << UInt64(row)
    if value.isUnparsable {
      space.unparsable[place] |= bit
    } else {
      space.unparsable[place] &= ~bit
    }
  }

  /// The texts that a model knows: where codes of others begin.
  package var texts: TextInterner { model.program.texts }
}

extension BlockWorkspace {
  /// Knows these texts, and makes every input of every row missing.
  package func begin(texts: TextInterner) {
    clearInputs()
    row.texts = texts
  }
}
