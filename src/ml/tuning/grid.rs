use crate::param::{ParamMap, ParamRef};
use crate::value::MlValue;

/// `ParamGridBuilder`: every combination of values, the last param's changing fastest.
#[derive(Clone, Debug, Default)]
pub struct ParamGridBuilder(Vec<(ParamRef, Vec<MlValue>)>);

impl ParamGridBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// `addGrid(param, values)`; values given again for a param take the place of the earlier ones.
    #[must_use]
    pub fn add_grid(mut self, param: ParamRef, values: Vec<MlValue>) -> Self {
        match self.0.iter_mut().find(|(known, _)| *known == param) {
            Some(entry) => entry.1 = values,
            None => self.0.push((param, values)),
        }
        self
    }

    /// `baseOn({param: value})`: the same value in every map.
    #[must_use]
    pub fn base_on(self, param: ParamRef, value: MlValue) -> Self {
        self.add_grid(param, vec![value])
    }

    pub fn build(&self) -> Vec<ParamMap> {
        let mut maps = vec![ParamMap::new()];
        for (param, values) in &self.0 {
            maps = maps
                .iter()
                .flat_map(|map| {
                    values.iter().map(|value| {
                        let mut map = map.clone();
                        map.put(param.clone(), value.clone());
                        map
                    })
                })
                .collect();
        }
        maps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `itertools.product`, which PySpark's builder uses.
    #[test]
    fn the_last_param_changes_fastest() {
        let param = |name| ParamRef { parent: "LinearRegression_0".into(), name, doc: "" };
        let grid = ParamGridBuilder::new()
            .add_grid(param("regParam"), vec![0.1.into(), 0.2.into()])
            .base_on(param("solver"), "normal".into())
            .add_grid(param("maxIter"), vec![1.into(), 2.into()]);
        let found: Vec<String> = grid
            .build()
            .iter()
            .map(|map| map.iter().map(|(key, value)| format!("{}={value:?}", key.name)).collect::<Vec<_>>().join(" "))
            .collect();
        let expected = ["0.1 1", "0.1 2", "0.2 1", "0.2 2"];
        let expected = expected.map(|pair| {
            let (reg, iter) = pair.split_once(' ').expect("two values");
            format!("regParam={reg} solver=normal maxIter={iter}")
        });
        assert_eq!(found, expected);
        assert_eq!(ParamGridBuilder::new().build().len(), 1);
    }
}
