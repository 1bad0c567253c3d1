import DataFields
import SourceDiagnostics

extension Checker {
  mutating func declareScale(_ declaration: ScaleDeclaration) {
    var levels: [String] = []
    if declaration.levels.count > Self.maximumLevels {
      report(
        "X7", "a scale has at most \(Self.maximumLevels) levels", at: declaration.name.span)
    }
    for level in declaration.levels.prefix(Self.maximumLevels) {
      if levels.contains(level.text) {
        report("N2", "the level `\(level.text)` appears twice", at: level.span)
      } else {
        levels.append(level.text)
      }
    }
    if declaration.levels.count < 2 {
      report(
        "R2", "a scale has at least two levels", at: declaration.name.span,
        help: ["write them in rising order:   scale \(declaration.name.text): Low < High"])
    }
    var titles = levels
    for title in declaration.titles {
      guard let index = levels.firstIndex(of: title.level.text) else {
        reportUnknown(title.level, as: "level", among: levels)
        continue
      }
      titles[index] = title.title.value
    }
    guard declare(declaration.name, .scale(program.scales.count)) else { return }
    program.scales.append(
      CheckedScale(
        name: declaration.name.text, levels: levels, titles: titles,
        span: declaration.name.span, end: declaration.span.range.upperBound))
  }

  mutating func declareAlignment(_ declaration: AlignDeclaration) {
    guard let left = scaleIndex(declaration.left), let right = scaleIndex(declaration.right) else {
      return
    }
    let a = program.scales[left]
    let b = program.scales[right]
    guard a.levels.count == b.levels.count else {
      report(
        "Y3", "scales of different length do not line up by position",
        at: [
          (declaration.left.span, a.description), (declaration.right.span, b.description),
        ])
      return
    }
    program.alignments.insert(.init(left: left, right: right))
    program.alignments.insert(.init(left: right, right: left))
  }
}
