//! `stage.write()`, `Class.read()` and what they give: `pyspark.ml.util`.

use std::cell::RefCell;

use kindling_frame::Session;
use kindling_ml::persist::{SaveOptions, is_of_python, load, save};
use kindling_ml::{Stage, StageDecl};
use kindling_partition::{Error, ErrorKind};
use kindling_python::{ClassBuilder, NativeObject, PyError, PyModule, PyResult, Value, Vm};

use super::class::this;
use super::value::stage_value;
use crate::errors::{OrRaise, raised};

/// A stage and how it is to be saved; each setter gives the same writer back.
struct WriterObject {
    session: Session,
    stage: Stage,
    options: RefCell<SaveOptions>,
}

impl NativeObject for WriterObject {
    fn class_name(&self) -> &str {
        "JavaMLWriter"
    }
}

struct ReaderObject {
    session: Session,
    decl: &'static StageDecl,
}

impl NativeObject for ReaderObject {
    fn class_name(&self) -> &str {
        "JavaMLReader"
    }
}

fn writer(value: &Value) -> PyResult<&WriterObject> {
    value.as_native::<WriterObject>().ok_or_else(|| PyError::type_error("not an MLWriter"))
}

/// A path, in PySpark's words when it is something else.
fn path(vm: &mut Vm, value: &Value) -> PyResult<String> {
    match value.as_str() {
        Some(path) => Ok(path.to_owned()),
        None => {
            let found = vm.type_name(value);
            Err(PyError::type_error(format!("path should be a string, got type <class '{found}'>")))
        }
    }
}

fn write(vm: &mut Vm, session: &Session, stage: &Stage, place: &Value, options: &SaveOptions) -> PyResult<Value> {
    let place = path(vm, place)?;
    if stage.is_foreign() {
        let sub_models = options.sub_models.map_or(Value::None, Value::Bool);
        return by_library(vm, "save_around", &[stage_value(stage), Value::str(place), Value::Bool(options.overwrite), sub_models]);
    }
    let timestamp = (vm.host().now() * 1000.0) as i64;
    save(session, stage, &place, &SaveOptions { timestamp, ..options.clone() }).map_err(|error| told(&error))?;
    Ok(Value::None)
}

/// Classes whose objects may have stages of cells inside.
const AROUND: [&str; 8] = [
    "Pipeline",
    "PipelineModel",
    "CrossValidator",
    "CrossValidatorModel",
    "TrainValidationSplit",
    "TrainValidationSplitModel",
    "OneVsRest",
    "OneVsRestModel",
];

/// Python saves and loads what has stages of cells inside.
fn by_library(vm: &mut Vm, function: &str, args: &[Value]) -> PyResult<Value> {
    let library = vm.import("_pyspark_ml_util")?;
    let function = vm.get_attr_str(&library, function)?;
    vm.call_values(&function, args)
}

/// A path that exists is Java's own `IOException`, which PySpark has no class for.
fn told(error: &Error) -> PyError {
    match error.kind() {
        ErrorKind::Runtime => crate::errors::spark_error("UnknownException", "", error),
        _ => raised(error),
    }
}

fn read(vm: &mut Vm, session: &Session, decl: &'static StageDecl, place: &Value) -> PyResult<Value> {
    let place = path(vm, place)?;
    if AROUND.contains(&decl.name) && is_of_python(session, &place).or_raise()? {
        return by_library(vm, "load_around", &[Value::str(place)]);
    }
    load(session, &place, Some(decl)).or_raise().map(|stage| stage_value(&stage))
}

/// `save` and `write` of every stage.
pub(super) fn with_write(builder: ClassBuilder, session: &Session) -> ClassBuilder {
    let (saving, writing) = (session.clone(), session.clone());
    builder
        .method(
            "save(self, path)",
            "Saves into a folder in Spark's own format; the folder must not be there yet: write().overwrite().save(path).",
            move |vm, values| {
                let stage = this(&values[0])?;
                write(vm, &saving, &stage, &values[1], &SaveOptions::default())
            },
        )
        .method("write(self) -> JavaMLWriter", "Saves with options: model.write().overwrite().save(path).", move |_, values| {
            let (session, stage) = (writing.clone(), this(&values[0])?);
            Ok(Value::native(WriterObject { session, stage, options: RefCell::default() }))
        })
}

/// `load` and `read` of a class.
pub(super) fn with_read(builder: ClassBuilder, decl: &'static StageDecl, session: &Session) -> ClassBuilder {
    let (loading, reading) = (session.clone(), session.clone());
    builder
        .static_method(&format!("load(path) -> {}", decl.name), "What was saved into a folder, here or by Spark.", move |vm, values| {
            read(vm, &loading, decl, &values[0])
        })
        .static_method("read() -> JavaMLReader", "Loads what was saved: read().load(path).", move |_, _| {
            Ok(Value::native(ReaderObject { session: reading.clone(), decl }))
        })
}

/// Makes `pyspark.ml.util`.
pub(super) fn install(vm: &mut Vm) {
    let writing = ClassBuilder::new("JavaMLWriter", "pyspark.ml.util")
        .doc("Saves a stage into a folder in Spark's own format.")
        .method("overwrite(self) -> JavaMLWriter", "What is in the folder goes first.", |_, values| {
            writer(&values[0])?.options.borrow_mut().overwrite = true;
            Ok(values[0].clone())
        })
        .method(
            "option(self, key, value) -> JavaMLWriter",
            "persistSubModels: whether a tuned model's other models are saved too.",
            |vm, values| {
                let (key, value) = (crate::args::text(vm, &values[1], "key")?, vm.str(&values[2])?);
                if key.eq_ignore_ascii_case("persistsubmodels") {
                    let flag = value.to_lowercase();
                    if flag != "true" && flag != "false" {
                        return Err(PyError::value_error(format!("persistSubModels must be true or false, found '{value}'.")));
                    }
                    writer(&values[0])?.options.borrow_mut().sub_models = Some(flag == "true");
                }
                Ok(values[0].clone())
            },
        )
        .method("session(self, sparkSession) -> JavaMLWriter", "The session, which is the only one.", |_, values| Ok(values[0].clone()))
        .method("format(self, source) -> JavaMLWriter", "Only Spark's own format: \"internal\".", |vm, values| {
            match crate::args::text(vm, &values[1], "source")?.as_str() {
                "internal" => Ok(values[0].clone()),
                other => Err(crate::errors::missing(&format!("the format {other} for stages"), "It writes Spark's own, 'internal'.")),
            }
        })
        .method("save(self, path)", "Saves into this folder.", |vm, values| {
            let writer = writer(&values[0])?;
            let options = writer.options.borrow().clone();
            write(vm, &writer.session, &writer.stage, &values[1], &options)
        })
        .build();
    let reading = ClassBuilder::new("JavaMLReader", "pyspark.ml.util")
        .doc("Loads a stage from a folder.")
        .method("session(self, sparkSession) -> JavaMLReader", "The session, which is the only one.", |_, values| Ok(values[0].clone()))
        .method("load(self, path)", "What was saved into this folder, here or by Spark.", |vm, values| {
            let reader = values[0].as_native::<ReaderObject>().ok_or_else(|| PyError::type_error("not an MLReader"))?;
            read(vm, &reader.session, reader.decl, &values[1])
        })
        .build();
    vm.register_class(&writing);
    vm.register_class(&reading);
    let module = PyModule::new("pyspark.ml.util").doc("Saving and loading stages.");
    vm.add_module(module.with("JavaMLWriter", writing).with("JavaMLReader", reading));
}

#[cfg(test)]
mod tests {
    use kindling_frame::Session;

    use crate::reference::run_in;

    /// As PySpark 4.3 prints it.
    #[test]
    fn a_stage_is_saved_and_loaded_from_python() {
        let session = Session::in_memory(1);
        let program = "
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import Tokenizer, HashingTF, Binarizer
df = spark.createDataFrame([('a b',), ('b',)], ['text'])
model = Pipeline(stages=[Tokenizer(inputCol='text', outputCol='words'), HashingTF(inputCol='words', outputCol='v', numFeatures=4)]).fit(df)
model.save('/files/m')
again = PipelineModel.load('/files/m')
print(again.uid == model.uid, type(again).__name__, again.stages[1].getNumFeatures())
print(again.transform(df).collect() == model.transform(df).collect())
print(PipelineModel.read().session(spark).load('dbfs:/files/m').stages[0].getOutputCol())
try:
    model.save('/files/m')
except Exception as error:
    print('already exists' in str(error))
model.write().overwrite().option('a', 'b').session(spark).save('/files/m')
try:
    Binarizer.load('/files/m')
except Exception as error:
    print(type(error).__name__, error)
try:
    model.save(3)
except TypeError as error:
    print(error)
";
        let (printed, error) = run_in(&session, program);
        assert_eq!(error, None, "{printed}");
        assert_eq!(
            printed,
            "True PipelineModel 4\nTrue\nwords\nTrue\nIllegalArgumentException requirement failed: Error loading metadata: Expected class name \
             org.apache.spark.ml.feature.Binarizer but found class name org.apache.spark.ml.PipelineModel\npath should be a string, got type \
             <class 'int'>\n"
        );
    }
}
