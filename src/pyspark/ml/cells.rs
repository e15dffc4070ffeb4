//! What cells derive their own stages from: `Params`, `Transformer`, `Estimator`, `Model`, `Evaluator` and what comes with them.
//!
//! The classes are there from the start, bare, since the engine's own derive from them; their members are Python text in the library, which
//! is loaded when a cell first asks for one of the names in [`NAMES`].

use std::rc::Rc;

use kindling_frame::Session;
use kindling_ml::{MlValue, Params, Stage};
use kindling_python::{ClassBuilder, Name, PyClass, PyError, PyModule, PyResult, Value, Vm};

use super::value::{stage_value, to_engine};
use crate::errors::OrRaise;

/// Modules with the names that the library makes, and the file of the library that makes them.
const NAMES: [(&str, &str, &[&str]); 12] = [
    ("pyspark", "_pyspark_ml", &["keyword_only", "since"]),
    ("pyspark.ml", "_pyspark_ml", &["Estimator", "Model", "Transformer"]),
    ("pyspark.ml", "_pyspark_ml_base", &["PredictionModel", "Predictor", "UnaryTransformer"]),
    ("pyspark.ml.base", "_pyspark_ml", &["Estimator", "Model", "Transformer"]),
    ("pyspark.ml.base", "_pyspark_ml_base", &["PredictionModel", "Predictor", "UnaryTransformer", "_PredictorParams"]),
    (
        "pyspark.ml.classification",
        "_pyspark_ml_base",
        &["ClassificationModel", "Classifier", "ProbabilisticClassificationModel", "ProbabilisticClassifier"],
    ),
    ("pyspark.ml.common", "_pyspark_ml", &["inherit_doc"]),
    ("pyspark.ml.evaluation", "_pyspark_ml", &["Evaluator"]),
    ("pyspark.ml.functions", "_pyspark_ml_functions", &["predict_batch_udf"]),
    ("pyspark.ml.param", "_pyspark_ml", &["Params", "TypeConverters"]),
    ("pyspark.ml.regression", "_pyspark_ml_base", &["RegressionModel", "Regressor"]),
    (
        "pyspark.ml.util",
        "_pyspark_ml_util",
        &[
            "BaseReadWrite",
            "DefaultParamsReadable",
            "DefaultParamsReader",
            "DefaultParamsWritable",
            "DefaultParamsWriter",
            "GeneralMLWriter",
            "Identifiable",
            "MLReadable",
            "MLReader",
            "MLWritable",
            "MLWriter",
        ],
    ),
];

/// The bare classes.
pub(super) struct Bare {
    pub params: Rc<PyClass>,
    pub estimator: Rc<PyClass>,
    pub transformer: Rc<PyClass>,
    pub model: Rc<PyClass>,
    pub evaluator: Rc<PyClass>,
}

/// Makes the bare classes.
pub(super) fn bare(vm: &mut Vm, session: &Session) -> Bare {
    let own = PyModule::new("_pyspark_ml_bare");
    let mut class = |name: &str, module: &str, base: Option<&Rc<PyClass>>| {
        let builder = ClassBuilder::new(name, module).like_own();
        let class = base.into_iter().fold(builder, ClassBuilder::base).build();
        // `Estimator[MyModel]` is the class itself.
        let itself = Rc::downgrade(&class);
        let item = ClassBuilder::new(name, module)
            .static_method("__class_getitem__(item)", "", move |_, _| Ok(itself.upgrade().map_or(Value::None, Value::Class)));
        let key = Name::new("__class_getitem__");
        if let Some(item) = item.build().lookup(&key) {
            class.set(key, item);
        }
        vm.register_class(&class);
        own.set(name, class.clone());
        class
    };
    let identifiable = class("Identifiable", "pyspark.ml.util", None);
    let params = class("Params", "pyspark.ml.param", Some(&identifiable));
    let transformer = class("Transformer", "pyspark.ml.base", Some(&params));
    let found = Bare {
        estimator: class("Estimator", "pyspark.ml.base", Some(&params)),
        model: class("Model", "pyspark.ml.base", Some(&transformer)),
        evaluator: class("Evaluator", "pyspark.ml.evaluation", Some(&params)),
        params,
        transformer,
    };
    own.set(
        "new_uid",
        Value::function("new_uid(prefix)", "A new uid.", |vm, values| {
            let prefix = crate::args::text(vm, &values[0], "prefix")?;
            Ok(Value::str(&*kindling_ml::new_uid(&prefix)))
        }),
    );
    vm.add_module(for_saving(own, session));
    found
}

/// What the library can't do by itself when it saves and loads the engine's pipelines and tuners around stages of cells.
fn for_saving(module: PyModule, session: &Session) -> PyModule {
    let session = session.clone();
    module
        .with(
            "remove_folder",
            Value::function("remove_folder(path)", "Removes a folder and all that is in it.", move |vm, values| {
                let path = crate::args::text(vm, &values[0], "path")?;
                kindling_ml::persist::remove_folder(&session, &path).or_raise().map(|()| Value::None)
            }),
        )
        .with(
            "stage_with_uid",
            Value::function("stage_with_uid(name, uid)", "A stage of the engine with nothing set.", |vm, values| {
                let (name, uid) = (crate::args::text(vm, &values[0], "name")?, crate::args::text(vm, &values[1], "uid")?);
                let decl = kindling_ml::find(&name).ok_or_else(|| crate::errors::missing(&name, ""))?;
                Ok(stage_value(&Stage::from_params(Params::loaded(decl, uid.into()))))
            }),
        )
        .with(
            "one_vs_rest_model",
            Value::function("one_vs_rest_model(one, uid, models)", "The OneVsRestModel of these models.", |vm, values| {
                let (one, uid) = (super::class::this(&values[0])?, crate::args::text(vm, &values[1], "uid")?);
                let given = vm.collect(&values[2])?;
                let models = stages(vm, &given)?;
                Ok(stage_value(&kindling_ml::classification::one_vs_rest_model(&one.params(), &uid, models)))
            }),
        )
        .with("pipeline_model", Value::function("pipeline_model(stages, uid)", "A PipelineModel of these stages.", pipeline_model))
        .with(
            "tuned_model",
            Value::function("tuned_model(tuner, uid, best, metrics, deviations, models)", "The model of a tuner.", |vm, values| {
                let tuner = super::class::this(&values[0])?;
                let uid = crate::args::text(vm, &values[1], "uid")?;
                let best = stages(vm, std::slice::from_ref(&values[2]))?.remove(0);
                let metrics = [&values[3], &values[4]].map(|list| to_engine(vm, list).map(|list| list.numbers().unwrap_or_default()));
                let [averages, deviations] = metrics;
                let models = to_engine(vm, &values[5])?;
                let made = kindling_ml::tuning::tuned_model(&tuner.params(), &uid, best, [averages?, deviations?], &models);
                made.or_raise().map(|model| stage_value(&model))
            }),
        )
}

/// `PipelineModel(stages)`, and its uid when it is known.
pub(super) fn pipeline_model(vm: &mut Vm, values: Vec<Value>) -> PyResult<Value> {
    let given = vm.collect(&values[0])?;
    let stages = stages(vm, &given)?;
    let uid = values.get(1).and_then(Value::as_str);
    Ok(stage_value(&kindling_ml::pipeline::pipeline_model(stages, uid)))
}

fn stages(vm: &mut Vm, values: &[Value]) -> PyResult<Vec<Stage>> {
    let one = |value: &Value| match to_engine(vm, value)? {
        MlValue::Stage(stage) => Ok(stage),
        _ => {
            let found = vm.type_name(value);
            Err(PyError::type_error(format!("Cannot recognize a pipeline stage of type {found}.")))
        }
    };
    values.iter().map(one).collect()
}

/// Lets the modules make the names of the library when they are asked for.
pub(super) fn install(vm: &mut Vm) {
    for (module, _, _) in NAMES {
        if vm.import(module).is_err() {
            vm.add_module(PyModule::new(module));
        }
        let Ok(Value::Module(found)) = vm.import(module) else { continue };
        if found.get("__getattr__").is_some() {
            continue;
        }
        found.set("__getattr__", Value::function("__getattr__(name)", "", move |vm, values| promised(vm, module, &values[0])));
        // What `from … import *` brings, as in PySpark: not the bases of classifiers and regressors.
        if matches!(module, "pyspark.ml" | "pyspark.ml.evaluation" | "pyspark.ml.param" | "pyspark.ml.functions") {
            let own = found.attrs.borrow().keys().filter(|name| !name.starts_with('_')).map(|name| name.to_string()).collect::<Vec<_>>();
            let more = NAMES.iter().filter(|entry| entry.0 == module).flat_map(|entry| entry.2.iter().map(|name| (*name).to_owned()));
            found.set("__all__", Value::list(own.into_iter().chain(more).map(Value::str).collect::<Vec<_>>()));
        }
    }
}

/// A name of a module that the library makes.
fn promised(vm: &mut Vm, module: &str, name: &Value) -> PyResult<Value> {
    let name = name.as_str().unwrap_or_default();
    let file = NAMES.iter().find(|entry| entry.0 == module && entry.2.contains(&name)).map(|entry| entry.1);
    let Some(file) = file else {
        return Err(PyError::new("AttributeError", format!("module '{module}' has no attribute '{name}'")));
    };
    let made = vm.import(file)?;
    let value = vm.get_attr_str(&made, name)?;
    if let Ok(Value::Module(module)) = vm.import(module) {
        module.set(name, value.clone());
    }
    Ok(value)
}
