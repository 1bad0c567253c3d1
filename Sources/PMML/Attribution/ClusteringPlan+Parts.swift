internal import DataFields

/// Measures that add up fields, part by part.
extension ClusteringPlan {
  /// Whether the measure, or its power, is a sum over fields.
  var isSumOfFields: Bool {
    switch measure {
    case .euclidean, .squaredEuclidean, .cityBlock, .minkowski, .simpleMatching: mixture.isEmpty
    case .chebychev, .jaccard, .tanimoto, .binarySimilarity: false
    }
  }

  /// What a field adds to the measure of a point, before what is missing is made up for.
  func part(_ place: Int, _ value: Double, _ point: Int) -> Double {
    let field = fields[place]
    let center = centers[point * fields.count + place]
    if measure == .simpleMatching { return (value != 0) == (center != 0) ? 1 : 0 }
    let difference = Self.compare(field, value, center)
    switch measure {
    case .cityBlock: return field.weight * difference
    case .minkowski(let power): return field.weight * MathFunctions.pow(difference, power)
    default: return field.weight * (difference * difference)
    }
  }

  /// What the fields that are there are scaled up by.
  func adjustment(_ slots: [Double]) -> Double {
    var all = 0.0
    var known = 0.0
    var count = 0.0
    for field in fields {
      all += field.missingWeight
      if slots[field.slot].isNaN { continue }
      known += field.missingWeight
      count += 1
    }
    return measure == .simpleMatching ? 1 / count : all / known
  }

  /// The sum over fields that a measure was made of.
  func sum(of measured: Double) -> Double {
    switch measure {
    case .euclidean: measured * measured
    case .minkowski(let power): MathFunctions.pow(measured, power)
    default: measured
    }
  }
}
