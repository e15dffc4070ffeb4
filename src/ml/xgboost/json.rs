//! XGBoost's model files (`save_model("model.json")`), written and read: what is written here real XGBoost loads, and the other way round.
//! The format is that of XGBoost 3.2, <https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html>.

use std::fmt::Write;

use kindling_partition::{Error, Result};
use serde_json::Value as Json;

use super::booster::Booster;
use super::objective::Objective;
use super::tree::{Node, Tree};

impl Booster {
    /// The booster as one line of JSON.
    pub fn to_json(&self) -> String {
        let outputs = self.outputs();
        let trees: Vec<String> = self.trees.iter().enumerate().map(|(i, tree)| tree_json(tree, i, self.features)).collect();
        let numbers = |numbers: &mut dyn Iterator<Item = usize>| list(numbers.map(|number| number.to_string()));
        let text = |texts: &[String]| list(texts.iter().map(|text| quoted(text)));
        let attributes: Vec<String> = self.attributes.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value))).collect();
        let classes = if let Objective::Softmax { classes } = self.objective { classes } else { 0 };
        let param = match self.objective {
            Objective::SquaredError => "\"reg_loss_param\":{\"scale_pos_weight\":\"1\"}".to_owned(),
            Objective::Logistic { positive_weight } => format!("\"reg_loss_param\":{{\"scale_pos_weight\":\"{positive_weight}\"}}"),
            Objective::Softmax { classes } => format!("\"softmax_multiclass_param\":{{\"num_class\":\"{classes}\"}}"),
            Objective::Ndcg | Objective::Pairwise => "\"lambdarank_param\":{\"lambdarank_bias_norm\":\"1\",\"lambdarank_normalization\":\"1\",\
                 \"lambdarank_num_pair_per_sample\":\"4294967295\",\"lambdarank_pair_method\":\"topk\",\"lambdarank_score_normalization\":\"1\",\
                 \"lambdarank_unbiased\":\"0\",\"ndcg_exp_gain\":\"1\"}"
                .to_owned(),
        };
        // Keys in XGBoost's order, which is the alphabet's: "lambdarank_param" before "name", the others behind it.
        let name = format!("\"name\":\"{}\"", self.objective.name());
        let objective = if param.starts_with("\"l") { format!("{param},{name}") } else { format!("{name},{param}") };
        format!(
            "{{\"learner\":{{\"attributes\":{{{}}},\"feature_names\":{},\"feature_types\":{},\"gradient_booster\":{{\"model\":{{\
             \"cats\":{{\"enc\":[],\"feature_segments\":[],\"sorted_idx\":[]}},\
             \"gbtree_model_param\":{{\"num_parallel_tree\":\"1\",\"num_trees\":\"{}\"}},\"iteration_indptr\":{},\"tree_info\":{},\
             \"trees\":{}}},\"name\":\"gbtree\"}},\"learner_model_param\":{{\"base_score\":\"{}\",\"boost_from_average\":\"{}\",\
             \"num_class\":\"{classes}\",\"num_feature\":\"{}\",\"num_target\":\"1\"}},\"objective\":{{{objective}}}}},\"version\":[3,2,0]}}",
            attributes.join(","),
            text(&self.names),
            text(&self.types),
            self.trees.len(),
            numbers(&mut (0..=self.rounds()).map(|round| round * outputs)),
            numbers(&mut (0..self.trees.len()).map(|tree| tree % outputs)),
            list(trees.into_iter()),
            list(self.base_score.iter().map(|score| float(*score))),
            u8::from(self.estimated),
            self.features,
        )
    }

    /// The booster that a model file holds.
    ///
    /// # Errors
    /// When the text is no model of XGBoost, or one of a kind that Kindling doesn't have: linear or dropping boosters, categories, other
    /// objectives.
    pub fn from_json(text: &str) -> Result<Self> {
        let json: Json = serde_json::from_str(text).map_err(|error| Error::runtime(format!("This is no JSON of XGBoost: {error}.")))?;
        let learner = &json["learner"];
        let broken = || Error::runtime("This is no model of XGBoost: its JSON lacks the learner's trees and params.");
        let booster = &learner["gradient_booster"];
        match booster["name"].as_str() {
            Some("gbtree") => {}
            Some(other) => return Err(Error::unsupported(format!("Boosters of XGBoost's kind '{other}' aren't here: only gbtree."))),
            None => return Err(broken()),
        }
        let param = |name: &str| learner["learner_model_param"][name].as_str().unwrap_or_default();
        let classes = param("num_class").parse().unwrap_or(0);
        let positive =
            learner["objective"]["reg_loss_param"]["scale_pos_weight"].as_str().and_then(|text| text.parse().ok()).unwrap_or(1.0);
        let objective = Objective::named(learner["objective"]["name"].as_str().unwrap_or_default(), classes, positive)?;
        let scores = param("base_score").trim_matches(['[', ']']);
        let mut base_score: Vec<f32> = scores.split(',').map(|score| score.trim().parse().map_err(|_| broken())).collect::<Result<_>>()?;
        // Before 3.1 there was one score for all classes.
        if base_score.len() == 1 {
            base_score = vec![base_score[0]; objective.outputs()];
        }
        let features = param("num_feature").parse().map_err(|_| broken())?;
        let trees = booster["model"]["trees"].as_array().ok_or_else(broken)?;
        let trees: Vec<Tree> = trees.iter().map(|tree| read_tree(tree, features)).collect::<Result<_>>()?;
        let mut groups = booster["model"]["tree_info"].as_array().into_iter().flatten().enumerate();
        if base_score.len() != objective.outputs()
            || !trees.len().is_multiple_of(objective.outputs())
            || groups.any(|(i, group)| group.as_u64() != Some((i % objective.outputs()) as u64))
        {
            return Err(Error::unsupported("Models of XGBoost with several trees for each round and class aren't here."));
        }
        let texts = |json: &Json| json.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect();
        let attributes = learner["attributes"].as_object().into_iter().flatten();
        Ok(Self {
            objective,
            base_score,
            estimated: param("boost_from_average") != "0",
            trees,
            features,
            names: texts(&learner["feature_names"]),
            types: texts(&learner["feature_types"]),
            attributes: attributes.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect(),
        })
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let mut text = String::from("[");
    for (i, item) in items.enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// As XGBoost writes it: the shortest digits that give the number back, `-5.056506E-1`.
fn float(value: f32) -> String {
    format!("{value:E}")
}

fn tree_json(tree: &Tree, id: usize, features: usize) -> String {
    let nodes = &tree.nodes;
    let mut text = String::from("{");
    let mut field = |name: &str, item: &dyn Fn(&Node) -> String| {
        let _ = write!(text, "\"{name}\":{},", list(nodes.iter().map(item)));
    };
    field("base_weights", &|node| float(node.weight));
    for name in ["categories", "categories_nodes", "categories_segments", "categories_sizes"] {
        let _ = write!(text, "\"{name}\":[],");
    }
    let mut field = |name: &str, item: &dyn Fn(&Node) -> String| {
        let _ = write!(text, "\"{name}\":{},", list(nodes.iter().map(item)));
        if name == "default_left" {
            let _ = write!(text, "\"id\":{id},");
        }
    };
    field("default_left", &|node| u8::from(node.default_left).to_string());
    field("left_children", &|node| node.left.to_string());
    field("loss_changes", &|node| float(node.gain));
    field("parents", &|node| node.parent.to_string());
    field("right_children", &|node| node.right.to_string());
    field("split_conditions", &|node| float(node.condition));
    field("split_indices", &|node| node.feature.to_string());
    field("split_type", &|_| "0".to_owned());
    field("sum_hessian", &|node| float(node.cover));
    let _ = write!(
        text,
        "\"tree_param\":{{\"num_deleted\":\"0\",\"num_feature\":\"{features}\",\"num_nodes\":\"{}\",\"size_leaf_vector\":\"1\"}}}}",
        nodes.len()
    );
    text
}

fn read_tree(json: &Json, features: usize) -> Result<Tree> {
    let broken = || Error::runtime("A tree of the model isn't whole.");
    let numbers = |name: &str| -> Result<Vec<f64>> {
        let number = |value: &Json| value.as_f64().or(value.as_bool().map(|value| f64::from(u8::from(value))));
        json[name].as_array().ok_or_else(broken)?.iter().map(|value| number(value).ok_or_else(broken)).collect()
    };
    if numbers("split_type").is_ok_and(|types| types.iter().any(|kind| *kind != 0.0)) {
        return Err(Error::unsupported("Models of XGBoost that split by categories aren't here."));
    }
    let names = [
        "parents",
        "left_children",
        "right_children",
        "split_indices",
        "split_conditions",
        "default_left",
        "base_weights",
        "sum_hessian",
        "loss_changes",
    ];
    let columns = names.iter().map(|name| numbers(name)).collect::<Result<Vec<_>>>()?;
    let count = columns[0].len();
    if count == 0 || columns.iter().any(|column| column.len() != count) {
        return Err(broken());
    }
    let node = |i: usize| {
        let at = |column: usize| columns[column][i];
        let node = Node {
            parent: at(0) as u32,
            left: at(1) as i32,
            right: at(2) as i32,
            feature: at(3) as u32,
            condition: at(4) as f32,
            default_left: at(5) != 0.0,
            weight: at(6) as f32,
            cover: at(7) as f32,
            gain: at(8) as f32,
        };
        // Children behind their parents: a walk ends.
        let child = |child: i32| usize::try_from(child).is_ok_and(|child| (i + 1..count).contains(&child));
        let fine = node.is_leaf() || (child(node.left) && child(node.right) && (node.feature as usize) < features);
        if fine { Ok(node) } else { Err(broken()) }
    };
    Ok(Tree { nodes: (0..count).map(node).collect::<Result<_>>()? })
}
