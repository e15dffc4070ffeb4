//! Spark's ML attributes: what the metadata of a column says of its categories, and of each feature of a vector
//! (`org.apache.spark.ml.attribute`). Trees learn from it which features are categorical, and models what their features are called.

use std::sync::Arc;

use kindling_frame::{Field, Metadata};
use serde_json::{Map, Value as Json, json};

const ML_ATTR: &str = "ml_attr";

/// What is known of a column of numbers, or of one feature of a vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attribute {
    pub name: Option<Arc<str>>,
    pub kind: AttributeKind,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum AttributeKind {
    /// Numbers that are measured.
    #[default]
    Numeric,
    /// Numbers 0, 1, … that stand for categories.
    Nominal { values: Option<Vec<Arc<str>>>, count: Option<usize>, ordinal: Option<bool> },
    /// Zero or one.
    Binary { values: Option<Vec<Arc<str>>> },
}

/// The features of a vector column, in order; of a group with `attributes` none, only the size is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributeGroup {
    pub attributes: Option<Vec<Attribute>>,
    pub size: Option<usize>,
}

impl Attribute {
    pub fn numeric(name: Option<Arc<str>>) -> Self {
        Self { name, kind: AttributeKind::Numeric }
    }

    pub fn binary(name: Option<Arc<str>>) -> Self {
        Self { name, kind: AttributeKind::Binary { values: None } }
    }

    pub fn nominal(name: Option<Arc<str>>, values: Vec<Arc<str>>) -> Self {
        Self { name, kind: AttributeKind::Nominal { values: Some(values), count: None, ordinal: None } }
    }

    /// Categories of which only the number is known.
    pub fn categories_without_names(count: usize) -> Self {
        Self { name: None, kind: AttributeKind::Nominal { values: None, count: Some(count), ordinal: None } }
    }

    /// The attribute of a column of numbers; none when its metadata has none.
    pub fn of(field: &Field) -> Option<Self> {
        let json = field.metadata.as_ref()?.get(ML_ATTR)?;
        json.get("attrs").is_none().then(|| Self::from_json(json))
    }

    /// The metadata of a column with this attribute, beside what `existing` has.
    pub fn to_metadata(&self, existing: Option<&Metadata>) -> Metadata {
        with_ml_attr(existing, self.to_json(None, true))
    }

    /// How many categories there are: two when binary, none when numeric or not known.
    pub fn categories(&self) -> Option<usize> {
        match &self.kind {
            AttributeKind::Numeric => None,
            AttributeKind::Nominal { values, count, .. } => count.or_else(|| values.as_ref().map(Vec::len)),
            AttributeKind::Binary { .. } => Some(2),
        }
    }

    /// What the categories are called.
    pub fn values(&self) -> Option<&[Arc<str>]> {
        match &self.kind {
            AttributeKind::Numeric => None,
            AttributeKind::Nominal { values, .. } | AttributeKind::Binary { values } => values.as_deref(),
        }
    }

    fn from_json(json: &Json) -> Self {
        let name = json.get("name").and_then(Json::as_str).map(Arc::from);
        let values =
            json.get("vals").and_then(Json::as_array).map(|values| values.iter().filter_map(Json::as_str).map(Arc::from).collect());
        let kind = match json.get("type").and_then(Json::as_str) {
            Some("nominal") => AttributeKind::Nominal {
                values,
                count: json.get("num_vals").and_then(Json::as_u64).map(|n| n as usize),
                ordinal: json.get("ord").and_then(Json::as_bool),
            },
            Some("binary") => AttributeKind::Binary { values },
            _ => AttributeKind::Numeric,
        };
        Self { name, kind }
    }

    fn to_json(&self, index: Option<usize>, with_type: bool) -> Json {
        let mut map = Map::new();
        let names = |values: &[Arc<str>]| Json::from(values.iter().map(|v| Json::from(&**v)).collect::<Vec<_>>());
        match &self.kind {
            AttributeKind::Numeric => {}
            AttributeKind::Nominal { values, count, ordinal } => {
                if let Some(ordinal) = ordinal {
                    map.insert("ord".into(), json!(ordinal));
                }
                if let Some(values) = values {
                    map.insert("vals".into(), names(values));
                }
                if let Some(count) = count {
                    map.insert("num_vals".into(), json!(count));
                }
            }
            AttributeKind::Binary { values } => {
                if let Some(values) = values {
                    map.insert("vals".into(), names(values));
                }
            }
        }
        if let Some(name) = &self.name {
            map.insert("name".into(), json!(&**name));
        }
        if with_type {
            let kind = match self.kind {
                AttributeKind::Numeric => "numeric",
                AttributeKind::Nominal { .. } => "nominal",
                AttributeKind::Binary { .. } => "binary",
            };
            map.insert("type".into(), json!(kind));
        }
        if let Some(index) = index {
            map.insert("idx".into(), json!(index));
        }
        Json::Object(map)
    }
}

impl AttributeGroup {
    pub fn new(attributes: Vec<Attribute>) -> Self {
        Self { size: Some(attributes.len()), attributes: Some(attributes) }
    }

    /// Only the number of features is known.
    pub fn of_size(size: usize) -> Self {
        Self { attributes: None, size: Some(size) }
    }

    /// The group of a vector column; none when its metadata has none.
    pub fn of(field: &Field) -> Option<Self> {
        let json = field.metadata.as_ref()?.get(ML_ATTR)?;
        let size = json.get("num_attrs").and_then(Json::as_u64).map(|n| n as usize);
        let groups = json.get("attrs").and_then(Json::as_object);
        let attributes = groups.map(|groups| {
            let entries = groups.values().filter_map(Json::as_array).flatten();
            let indexed: Vec<_> = entries.filter_map(|e| Some((e.get("idx")?.as_u64()? as usize, e))).collect();
            let mut attributes = vec![Attribute::default(); size.unwrap_or(0).max(indexed.iter().map(|e| e.0 + 1).max().unwrap_or(0))];
            for kind in ["numeric", "nominal", "binary"] {
                for entry in groups.get(kind).and_then(Json::as_array).into_iter().flatten() {
                    if let Some(index) = entry.get("idx").and_then(Json::as_u64) {
                        let mut entry = entry.clone();
                        entry["type"] = json!(kind);
                        attributes[index as usize] = Attribute::from_json(&entry);
                    }
                }
            }
            attributes
        });
        let size = size.or_else(|| attributes.as_ref().map(Vec::len));
        Some(Self { attributes, size })
    }

    /// The metadata of a vector column with these features, beside what `existing` has.
    pub fn to_metadata(&self, existing: Option<&Metadata>) -> Metadata {
        let mut map = Map::new();
        if let Some(size) = self.size {
            map.insert("num_attrs".into(), json!(size));
        }
        if let Some(attributes) = &self.attributes {
            let mut groups = Map::new();
            for (kind, of_kind) in [
                ("numeric", (|k| matches!(k, AttributeKind::Numeric)) as fn(&AttributeKind) -> bool),
                ("nominal", |k| matches!(k, AttributeKind::Nominal { .. })),
                ("binary", |k| matches!(k, AttributeKind::Binary { .. })),
            ] {
                let entries = attributes.iter().enumerate().filter(|(_, attribute)| of_kind(&attribute.kind));
                // As in Spark, numbers of which nothing more is known go without saying.
                let told = entries.filter(|(_, attribute)| kind != "numeric" || attribute.name.is_some());
                let entries: Vec<Json> = told.map(|(i, attribute)| attribute.to_json(Some(i), false)).collect();
                if !entries.is_empty() {
                    groups.insert(kind.into(), Json::from(entries));
                }
            }
            map.insert("attrs".into(), Json::Object(groups));
        }
        with_ml_attr(existing, Json::Object(map))
    }

    /// For each feature its name: the attribute's, else `None`.
    pub fn names(&self) -> Option<Vec<Option<Arc<str>>>> {
        self.attributes.as_ref().map(|attributes| attributes.iter().map(|attribute| attribute.name.clone()).collect())
    }
}

fn with_ml_attr(existing: Option<&Metadata>, ml_attr: Json) -> Metadata {
    let mut map = existing.map(|m| (**m).clone()).unwrap_or_default();
    map.insert(ML_ATTR.into(), ml_attr);
    Arc::new(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kindling_frame::DataType;

    /// The metadata that Spark's VectorAssembler writes (`df.schema["features"].metadata`).
    #[test]
    fn a_group_reads_and_writes_sparks_metadata() {
        let text = r#"{"ml_attr":{"attrs":{"numeric":[{"idx":0,"name":"age"},{"idx":3,"name":"v_0"}],"nominal":[{"vals":["a","b"],"idx":1,"name":"sex"}],"binary":[{"idx":2,"name":"hot_a"}]},"num_attrs":4}}"#;
        let json: Map<String, Json> = serde_json::from_str(text).expect("JSON");
        let field = Field::new("features", DataType::Vector, true).with_metadata(Some(Arc::new(json.clone())));
        let group = AttributeGroup::of(&field).expect("a group");
        let attributes = group.attributes.clone().expect("attributes");
        assert_eq!(attributes.iter().map(Attribute::categories).collect::<Vec<_>>(), [None, Some(2), Some(2), None]);
        assert_eq!(*group.to_metadata(None), json);
        assert_eq!(Attribute::of(&field), None);
    }
}
