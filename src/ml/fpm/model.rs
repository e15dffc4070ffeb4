//! Frequent sets as a stage (`org.apache.spark.ml.fpm.FPGrowthModel`).

use std::sync::Arc;

use kindling_frame::{Batch, Column, DataFrame, DataType, Field, Schema, Session, Value, array_of, read_files, value_at};
use kindling_partition::Result;

use super::growth::{ITEMS_COL, MIN_CONFIDENCE, PARAMS, schema_with};
use super::items::Items;
use super::rules::{Rule, rules};
use crate::param::Params;
use crate::persist::{Saved, SavedTable};
use crate::stage::{MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

pub static FP_GROWTH_MODEL: StageDecl = StageDecl::model(
    "FPGrowthModel",
    "fpm",
    "Model fitted by FPGrowth: has the frequent sets and the rules between them, and adds what follows from each basket.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("freqItemsets", "DataFrame with two columns: items, an itemset, and freq, in how many baskets it is."),
    MemberDecl::attribute(
        "associationRules",
        "DataFrame with five columns: antecedent, consequent, confidence, lift and support of a rule.",
    ),
])
.saved("", |params, stored| {
    let path = format!("{}/data", stored.path);
    let data = read_files(stored.session, "parquet", &[&path], &[], None)?;
    let data_type = data.schema().field("items")?.data_type.clone();
    let batches = data.select(&[data.col("items")?, data.col("freq")?])?.partitions()?;
    let row =
        |batch: &Batch, row: usize| match (value_at(&batch.columns[0], &data_type, row), value_at(&batch.columns[1], &DataType::Long, row))
        {
            (Value::Array(items), Value::Long(count)) => Ok((items.to_vec(), count as u64)),
            _ => Err(stored.broken("has a set without items or count")),
        };
    let sets = batches.iter().map(|batch| (0..batch.rows).map(|i| row(batch, i)).collect()).collect::<Result<_>>()?;
    let found = Found { sets, rows: stored.count("numTrainingRecords")? as u64, data_type };
    Ok(Arc::new(FpGrowthModel::new(params, stored.session, Arc::new(found))?))
});

/// What a fit found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// By partition.
    pub sets: Vec<Vec<(Vec<Value>, u64)>>,
    /// Baskets.
    pub rows: u64,
    /// Of the column of baskets.
    pub data_type: DataType,
}

/// `pyspark.ml.fpm.FPGrowthModel`.
#[derive(Clone)]
pub struct FpGrowthModel {
    params: Params,
    session: Session,
    found: Arc<Found>,
}

impl FpGrowthModel {
    pub(super) fn new(params: Params, session: &Session, found: Arc<Found>) -> Result<Self> {
        params.checked()?;
        Ok(Self { params, session: session.clone(), found })
    }

    fn rules(&self) -> Result<Vec<Vec<Rule>>> {
        Ok(rules(&self.found.sets, self.params.checked()?.float(&MIN_CONFIDENCE)?, self.found.rows))
    }

    /// A frame of rows by partition.
    fn frame(&self, fields: Vec<Field>, parts: Vec<Vec<Vec<Value>>>) -> Result<DataFrame> {
        let batch = |rows: Vec<Vec<Value>>| {
            let column = |(i, field): (usize, &Field)| array_of(&field.data_type, rows.iter().map(|row| &row[i]));
            Ok(Batch::new(fields.iter().enumerate().map(column).collect::<Result<_>>()?, rows.len()))
        };
        let batches = parts.into_iter().map(batch).collect::<Result<_>>()?;
        Ok(DataFrame::from_batches(&self.session, Arc::new(Schema::new(fields)), batches))
    }
}

impl Transformer for FpGrowthModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        schema_with(schema, self.params.checked()?)
    }

    /// Adds the consequents of all rules whose antecedent is in the basket, but what is in it already.
    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let field = schema[schema.len() - 1].clone();
        let (name, data_type) = (field.name.clone(), field.data_type.clone());
        let mut items = Items::default();
        let mut numbered = Vec::new();
        for rule in self.rules()?.into_iter().flatten() {
            let antecedent: Vec<u32> = rule.antecedent.iter().map(|item| items.number(item)).collect();
            numbered.push((antecedent, items.number(&rule.consequent)));
        }
        let column = data.col(&self.params.checked()?.text(&ITEMS_COL)?)?;
        let column = Column::native(name.clone(), [column], field, move |executor, args, rows| {
            let mut found = Vec::with_capacity(rows);
            let mut state = Vec::new();
            for row in 0..rows {
                if row % 64 == 0 {
                    executor.check()?;
                }
                // Of each item: whether it is in the basket, and then whether it is foretold.
                state.clear();
                state.resize(items.values.len(), false);
                if let Value::Array(basket) = value_at(&args[0], &data_type, row) {
                    basket.iter().filter_map(|item| items.find(item)).for_each(|item| state[item as usize] = true);
                }
                let applies = |rule: &&(Vec<u32>, u32)| rule.0.iter().all(|item| state[*item as usize]) && !state[rule.1 as usize];
                let mut foretold: Vec<u32> = Vec::new();
                for (_, consequent) in numbered.iter().filter(applies) {
                    if !foretold.contains(consequent) {
                        foretold.push(*consequent);
                    }
                }
                found.push(Value::Array(foretold.into_iter().map(|item| items.values[item as usize].clone()).collect()));
            }
            array_of(&data_type, &found)
        });
        data.with_column(&name, &column)
    }
}

impl Object for FpGrowthModel {
    fn decl(&self) -> &'static StageDecl {
        &FP_GROWTH_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        let list = |items: &[Value]| Value::Array(items.into());
        let items = |name: &str| Field::new(name, self.found.data_type.clone(), false);
        let number = |name: &str, nullable: bool| Field::new(name, DataType::Double, nullable);
        let frame = match name {
            "freqItemsets" => {
                let row = |(items, count): &(Vec<Value>, u64)| vec![list(items), Value::Long(*count as i64)];
                let parts = self.found.sets.iter().map(|part| part.iter().map(row).collect()).collect();
                self.frame(vec![items("items"), Field::new("freq", DataType::Long, false)], parts)
            }
            "associationRules" => {
                let row = |rule: &Rule| {
                    let lift = rule.lift.map_or(Value::Null, Value::Double);
                    let consequent = list(std::slice::from_ref(&rule.consequent));
                    vec![list(&rule.antecedent), consequent, Value::Double(rule.confidence), lift, Value::Double(rule.support)]
                };
                let parts = self.rules()?.iter().map(|part| part.iter().map(row).collect()).collect();
                let fields = vec![
                    items("antecedent"),
                    items("consequent"),
                    number("confidence", false),
                    number("lift", true),
                    number("support", false),
                ];
                self.frame(fields, parts)
            }
            _ => return Err(self.no_member(name)),
        };
        frame.map(MlValue::DataFrame)
    }

    fn describe(&self) -> String {
        format!("FPGrowthModel: uid={}, numTrainingRecords={}", self.params.uid(), self.found.rows)
    }
}

impl Model for FpGrowthModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, &self.session, self.found.clone())?))
    }

    fn saved(&self) -> Result<Saved> {
        let fields = [Field::new("items", self.found.data_type.clone(), false), Field::new("freq", DataType::Long, false)];
        let plain = |item: &Value| match item {
            Value::String(text) => MlValue::Text(text.clone()),
            Value::Boolean(value) => MlValue::Bool(*value),
            Value::Byte(_) | Value::Short(_) | Value::Int(_) | Value::Long(_) => MlValue::Int(item.as_i64().unwrap_or_default()),
            other => other.as_f64().map_or(MlValue::None, MlValue::Float),
        };
        let row = |(items, count): &(Vec<Value>, u64)| vec![MlValue::List(items.iter().map(plain).collect()), MlValue::Int(*count as i64)];
        let rows = self.found.sets.iter().flatten().map(row).collect();
        let mut saved = Saved::default().field("numTrainingRecords", self.found.rows);
        saved.tables.push(SavedTable { folder: "data", schema: fields.into_iter().collect(), rows });
        Ok(saved)
    }
}
