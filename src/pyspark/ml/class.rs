//! A Python class for each declared class of `pyspark.ml`.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use kindling_frame::Session;
use kindling_ml::param::Range;
use kindling_ml::{MemberKind, ParamKind, ParamRef, Role, Stage, StageDecl, registry};
use kindling_partition::did_you_mean;
use kindling_python::{Args, ClassBuilder, PyClass, PyError, PyModule, PyResult, Value, Vm};

use super::cells;
use super::foreign::with_engine;
use super::object::SummaryObject;
use super::param::ParamObject;
use super::persist::{with_read, with_write};
use super::stage::{StageObject, call_member};
use super::value::{param_map, param_map_value, remember, stage_value, to_engine, to_python};
use crate::errors::OrRaise;
use crate::info::{ParamDescription, described};
use crate::sql::frame::{frame_of, frame_value};

/// Makes every class and puts it into its module.
pub(crate) fn install(vm: &mut Vm, session: &Session) {
    let bases = bases(vm, session);
    let mut modules: BTreeMap<String, Vec<(&'static str, Rc<PyClass>)>> = BTreeMap::new();
    for decl in registry().iter().copied() {
        let class = declared(vm, decl, &bases, session);
        modules.entry(decl.python_module()).or_default().push((decl.name, class));
    }
    let ml = modules.entry("pyspark.ml".to_owned()).or_default();
    // Where PySpark itself keeps them.
    let pipeline: Vec<_> = ml.iter().filter(|(name, _)| name.starts_with("Pipeline")).cloned().collect();
    modules.insert("pyspark.ml.pipeline".to_owned(), pipeline);
    let wrapper = [
        ("JavaParams", &bases.params),
        ("JavaEstimator", &bases.estimator),
        ("JavaTransformer", &bases.transformer),
        ("JavaModel", &bases.model),
    ];
    modules.insert("pyspark.ml.wrapper".to_owned(), wrapper.map(|(name, class)| (name, class.clone())).to_vec());
    modules.entry("pyspark.ml.evaluation".to_owned()).or_default().push(("JavaEvaluator", bases.evaluator.clone()));
    for (name, classes) in modules {
        let mut module = PyModule::new(&name);
        for (class_name, class) in classes {
            module = module.with(class_name, class);
        }
        vm.add_module(module);
    }
}

/// The abstract classes of the engine's stages.
struct Bases {
    params: Rc<PyClass>,
    estimator: Rc<PyClass>,
    transformer: Rc<PyClass>,
    model: Rc<PyClass>,
    evaluator: Rc<PyClass>,
}

impl Bases {
    fn of(&self, role: Role) -> Option<&Rc<PyClass>> {
        Some(match role {
            Role::Estimator => &self.estimator,
            Role::Transformer => &self.transformer,
            Role::Model => &self.model,
            Role::Evaluator => &self.evaluator,
            Role::Summary => return None,
        })
    }
}

/// The stage that a method was called on.
pub(super) fn this(value: &Value) -> PyResult<Stage> {
    match value.as_native::<StageObject>() {
        Some(object) => {
            remember(value, &object.0);
            Ok(object.0.clone())
        }
        None => Err(PyError::type_error("a method of pyspark.ml was called on something else")),
    }
}

/// The name of a param, given as text or as the param itself.
fn param_name(vm: &mut Vm, stage: &Stage, value: &Value) -> PyResult<String> {
    if let Some(param) = value.as_native::<ParamObject>() {
        if param.reference.parent != stage.uid() {
            return Err(PyError::value_error(format!(
                "Param {}__{} does not belong to {}.",
                param.reference.parent,
                param.reference.name,
                stage.uid()
            )));
        }
        return Ok(param.reference.name.to_owned());
    }
    match value.as_str() {
        Some(name) => Ok(name.to_owned()),
        None => {
            let shown = vm.type_name(value);
            Err(PyError::type_error(format!("Cannot resolve {shown} as a param.")))
        }
    }
}

fn bases(vm: &mut Vm, session: &Session) -> Bases {
    let bare = cells::bare(vm, session);
    let params = ClassBuilder::new("JavaParams", "pyspark.ml.wrapper").base(&bare.params).doc("What has params.");
    let params = with_write(with_params(params), session).build();
    let estimator = ClassBuilder::new("JavaEstimator", "pyspark.ml.wrapper")
        .bases(&[params.clone(), bare.estimator])
        .doc("Learns from a DataFrame: fit() gives a model.")
        .method("fit(self, dataset, params=None)", FIT_DOC, fit)
        .method("fitMultiple(self, dataset, paramMaps)", "An iterator over the numbers of param maps and their models.", |vm, values| {
            let models = fit(vm, values)?;
            let models = models.as_sequence().unwrap_or_default();
            let pairs: Vec<Value> = models.into_iter().enumerate().map(|(i, model)| Value::tuple([Value::from(i), model])).collect();
            vm.iter(&Value::list(pairs))
        })
        .build();
    let transformer = ClassBuilder::new("JavaTransformer", "pyspark.ml.wrapper")
        .bases(&[params.clone(), bare.transformer])
        .doc("Adds columns to a DataFrame.")
        .method("transform(self, dataset, params=None) -> DataFrame", "The rows with the columns that it adds.", |vm, values| {
            let stage = this(&values[0])?;
            let frame = frame_of(vm, &values[1], "dataset")?;
            let extra = param_map(vm, &values[2])?;
            with_engine(vm, || stage.transform(&frame, &extra)).or_raise_in_fit().map(frame_value)
        })
        .build();
    let model = ClassBuilder::new("JavaModel", "pyspark.ml.wrapper").bases(&[transformer.clone(), bare.model]);
    let model = model.doc("A transformer that an estimator made.").build();
    let evaluator = ClassBuilder::new("JavaEvaluator", "pyspark.ml.evaluation")
        .bases(&[params.clone(), bare.evaluator])
        .doc("Gives predictions one number.")
        .method("evaluate(self, dataset, params=None)", "The metric of these predictions.", |vm, values| {
            let stage = this(&values[0])?;
            let frame = frame_of(vm, &values[1], "dataset")?;
            let extra = param_map(vm, &values[2])?;
            with_engine(vm, || stage.evaluate(&frame, &extra)).or_raise_in_fit().map(Value::Float)
        })
        .method("isLargerBetter(self)", "Whether a greater metric is better.", |vm, values| {
            let stage = this(&values[0])?;
            with_engine(vm, || stage.is_larger_better()).or_raise().map(Value::Bool)
        })
        .build();
    for class in [&params, &estimator, &transformer, &model, &evaluator] {
        vm.register_class(class);
    }
    Bases { params, estimator, transformer, model, evaluator }
}

const FIT_DOC: &str = "Learns from the rows and gives a model; with a list of param maps, a list of models.";

fn fit(vm: &mut Vm, values: Vec<Value>) -> PyResult<Value> {
    let stage = this(&values[0])?;
    let frame = frame_of(vm, &values[1], "dataset")?;
    if let Some(maps) = values[2].as_sequence() {
        let maps = maps.iter().map(|map| param_map(vm, map)).collect::<PyResult<Vec<_>>>()?;
        let models = with_engine(vm, || stage.fit_multiple(&frame, &maps)).or_raise_in_fit()?;
        return Ok(Value::list(models.iter().map(stage_value).collect::<Vec<_>>()));
    }
    let extra = param_map(vm, &values[2])?;
    with_engine(vm, || stage.fit(&frame, &extra)).or_raise_in_fit().map(|model| stage_value(&model))
}

/// The methods that all stages have.
fn with_params(builder: ClassBuilder) -> ClassBuilder {
    builder
        .property("params", "All params, by name.", |_, value| {
            let stage = this(value)?;
            let params = stage.params();
            let refs = stage.decl().params_by_name().into_iter().filter_map(|decl| params.reference(decl.name).ok());
            Ok(Value::list(refs.map(|param| Value::native(ParamObject::new(param))).collect::<Vec<_>>()))
        })
        .method("getParam(self, paramName)", "The param of this name.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            match stage.params().reference(&name) {
                Ok(param) => Ok(Value::native(ParamObject::new(param))),
                Err(error) => Err(PyError::value_error(format!("Cannot find param with name {name}. {}", error.message()))),
            }
        })
        .method("hasParam(self, paramName)", "Whether there is a param of this name.", |vm, values| {
            let name = crate::args::text(vm, &values[1], "paramName")?;
            Ok(Value::Bool(this(&values[0])?.decl().param(&name).is_some()))
        })
        .method("isSet(self, param)", "Whether the param was set.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            Ok(Value::Bool(stage.params().is_set(&name)))
        })
        .method("hasDefault(self, param)", "Whether the param has a default.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            Ok(Value::Bool(stage.params().has_default(&name)))
        })
        .method("isDefined(self, param)", "Whether the param was set or has a default.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            Ok(Value::Bool(stage.params().is_defined(&name)))
        })
        .method("getOrDefault(self, param)", "The value of the param, or its default.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            value_of(vm, &stage, &name)
        })
        .method("explainParam(self, param)", "What a param means, its default and its value.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            stage.params().explain_param(&name).or_raise_plain().map(Value::str)
        })
        .method("explainParams(self)", "What all params mean, line by line.", |_, values| {
            Ok(Value::str(this(&values[0])?.params().explain_params()))
        })
        .method("extractParamMap(self, extra=None)", "All params that have a value, with those of `extra`.", |vm, values| {
            let stage = this(&values[0])?;
            let extra = param_map(vm, &values[1])?;
            param_map_value(vm, &stage.params().extract_param_map(&extra))
        })
        .method("copy(self, extra=None)", "A copy with the same uid, and these params set.", |vm, values| {
            let stage = this(&values[0])?;
            let extra = param_map(vm, &values[1])?;
            with_engine(vm, || stage.copy(&extra)).or_raise_plain().map(|copy| stage_value(&copy))
        })
        .method("set(self, param, value)", "Sets a param.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            let value = to_engine(vm, &values[2])?;
            stage.set(&name, value).or_raise_plain()?;
            Ok(Value::None)
        })
        .method("clear(self, param)", "Forgets what a param was set to.", |vm, values| {
            let stage = this(&values[0])?;
            let name = param_name(vm, &stage, &values[1])?;
            stage.clear(&name).or_raise_plain()?;
            Ok(Value::None)
        })
}

/// The value of a param. A param without one is a `KeyError`, as in PySpark.
fn value_of(vm: &mut Vm, stage: &Stage, name: &str) -> PyResult<Value> {
    let params = stage.params();
    let reference = params.reference(name).or_raise_plain()?;
    match params.get(name) {
        Some(value) => to_python(vm, &value),
        None => Err(PyError::key_error(Value::native(ParamObject::new(reference)))),
    }
}

fn declared(vm: &mut Vm, decl: &'static StageDecl, bases: &Bases, session: &Session) -> Rc<PyClass> {
    let mut builder = ClassBuilder::new(decl.name, &decl.python_module()).doc(&documentation(decl));
    if let Some(base) = bases.of(decl.role()) {
        builder = builder.base(base);
    }
    builder = accessors(builder, decl);
    builder = members(builder, decl);
    if decl.role() != Role::Summary {
        builder = with_read(builder, decl, session);
    }
    if let Some(model) = decl.model {
        builder = builder.method(&format!("fit(self, dataset, params=None) -> {}", model.name), FIT_DOC, fit);
    }
    for function in decl.statics {
        let call = function.call;
        builder = builder.static_method(&format!("{}({})", function.name, function.args.join(", ")), function.doc, move |vm, values| {
            let args = values.iter().map(|value| to_engine(vm, value)).collect::<PyResult<Vec<_>>>()?;
            let made = call(&args).or_raise_plain()?;
            to_python(vm, &made)
        });
    }
    let class = if matches!(decl.role(), Role::Estimator | Role::Transformer | Role::Evaluator) {
        constructible(builder, decl)
    } else if decl.name == "PipelineModel" {
        builder.constructor("(stages)", |vm, _, values| cells::pipeline_model(vm, values)).build()
    } else {
        let name = decl.name;
        builder
            .constructor("(*args, **kwargs)", move |_, _, _| {
                Err(PyError::type_error(format!("A {name} is made by fitting, not by calling its class.")))
            })
            .build()
    };
    vm.register_class(&class);
    class
}

/// What a class is for, and each of its params with range and default.
fn documentation(decl: &'static StageDecl) -> String {
    if decl.params.is_empty() {
        return decl.doc.to_owned();
    }
    let params = described(decl).params.into_iter().map(|param| {
        let default = param.default.map(|default| format!("Default: {default}."));
        // Most of Spark's own words name the range already.
        let told = param.doc.contains('>') || param.doc.to_lowercase().contains("must be");
        let notes: Vec<String> = range(&param.kind).filter(|_| !told).into_iter().chain(default).collect();
        format!("{}: {} {}", param.name, param.doc.trim_end(), notes.join(" ")).trim_end().to_owned()
    });
    format!("{}\n\n{}", decl.doc, params.collect::<Vec<_>>().join("\n"))
}

/// What numbers a param takes.
fn range(kind: &ParamKind) -> Option<String> {
    let (ParamKind::Int(range) | ParamKind::Float(range) | ParamKind::IntList(range) | ParamKind::FloatList(range)) = kind else {
        return None;
    };
    (*range != Range::ANY).then(|| format!("Must be {range}."))
}

/// The keyword arguments of a constructor, as help shows them.
fn signature(decl: &'static StageDecl) -> String {
    let keyword = |param: ParamDescription| {
        let default = param.default.unwrap_or_else(|| "None".to_owned());
        format!("{}: {} = {default}", param.name, annotation(&param.kind))
    };
    let keywords: Vec<String> = described(decl).params.into_iter().map(keyword).collect();
    if keywords.is_empty() { "()".to_owned() } else { format!("(*, {})", keywords.join(", ")) }
}

/// A param's type as Python's annotations write it.
fn annotation(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Boolean => "bool".to_owned(),
        ParamKind::Int(_) | ParamKind::Long => "int".to_owned(),
        ParamKind::Float(_) => "float".to_owned(),
        ParamKind::Choice { options, .. } => {
            let options: Vec<String> = options.iter().map(|option| format!("'{option}'")).collect();
            format!("Literal[{}]", options.join(", "))
        }
        ParamKind::Columns | ParamKind::OutputColumns | ParamKind::TextList => "list[str]".to_owned(),
        ParamKind::FloatList(_) => "list[float]".to_owned(),
        ParamKind::IntList(_) => "list[int]".to_owned(),
        ParamKind::Text | ParamKind::Column | ParamKind::OutputColumn => "str".to_owned(),
        _ => "Any".to_owned(),
    }
}

/// The class with its constructor: keyword arguments alone, and only what was given is set.
fn constructible(builder: ClassBuilder, decl: &'static StageDecl) -> Rc<PyClass> {
    let set = move |vm: &mut Vm, stage: &Stage, function: &str, args: Args| -> PyResult<()> {
        if !args.positional.is_empty() {
            return Err(PyError::type_error(format!("Method {function} forces keyword arguments.")));
        }
        for (name, value) in args.keywords {
            if decl.keywords.is_none() && decl.param(&name).is_none() {
                let near = did_you_mean(&name, decl.params.iter().map(|param| param.name));
                let owner = decl.name;
                return Err(PyError::type_error(format!(
                    "{owner}.{function}() got an unexpected keyword argument '{name}'{}{near}",
                    if near.is_empty() { "" } else { "." }
                )));
            }
            if !value.is_none() {
                let value = to_engine(vm, &value)?;
                stage.set_keyword(&name, value).or_raise_plain()?;
            }
        }
        Ok(())
    };
    let shown = signature(decl);
    let builder = builder.constructor(&shown, |_, _, _| Ok(Value::None)).attribute(
        "setParams",
        raw_method("setParams", "Sets params by keyword.", move |vm, mut args| {
            let object = args.positional.remove(0);
            let stage = this(&object)?;
            set(vm, &stage, "setParams", args)?;
            Ok(object)
        }),
    );
    let mut class = builder.build();
    if let Some(class) = Rc::get_mut(&mut class) {
        class.constructor = Some(Rc::new(move |vm, _, args| {
            let stage = Stage::new(decl);
            set(vm, &stage, "__init__", args)?;
            Ok(stage_value(&stage))
        }));
    }
    class
}

/// A method that binds its arguments itself; the object comes first.
fn raw_method(name: &str, doc: &str, method: impl Fn(&mut Vm, Args) -> PyResult<Value> + 'static) -> Value {
    let mut builtin = kindling_python::PyBuiltin::closure(name, doc, Rc::new(method));
    builtin.is_method = true;
    Value::Builtin(Rc::new(builtin))
}

/// `setMaxIter`, `getMaxIter`, and the param itself as an attribute of the class.
fn accessors(mut builder: ClassBuilder, decl: &'static StageDecl) -> ClassBuilder {
    for param in decl.params {
        let name = param.name;
        let undefined = ParamRef { parent: Arc::from("undefined"), name, doc: param.doc };
        builder = builder.attribute(name, Value::native(ParamObject::new(undefined)));
        // Classes of other packages have the getters of PySpark's own params, and one setter.
        let setter = match name {
            "device" if decl.is_of_other_package() => Some("set_device".to_owned()),
            _ => (!decl.is_of_other_package()).then(|| param.accessor("set")),
        };
        if let Some(setter) = setter {
            builder = builder.method(
                &format!("{setter}(self, value) -> {}", decl.name),
                &format!("Sets {name}: {}", param.doc),
                move |vm, values| {
                    let stage = this(&values[0])?;
                    let value = to_engine(vm, &values[1])?;
                    stage.set(name, value).or_raise_plain()?;
                    Ok(values[0].clone())
                },
            );
        }
        let getter = param.accessor("get");
        if decl.member(&getter).is_none() && (!decl.is_of_other_package() || name.ends_with("Col")) {
            builder = builder.method(&format!("{getter}(self)"), &format!("The value of {name}, or its default."), move |vm, values| {
                let stage = this(&values[0])?;
                value_of(vm, &stage, name)
            });
        }
    }
    if decl.name == "ALS" {
        builder = builder.method("setNumBlocks(self, value) -> ALS", "Sets both numUserBlocks and numItemBlocks.", |vm, values| {
            for name in ["numUserBlocks", "numItemBlocks"] {
                this(&values[0])?.set(name, to_engine(vm, &values[1])?).or_raise_plain()?;
            }
            Ok(values[0].clone())
        });
    }
    builder
}

/// Methods and attributes of models and summaries. The objects answer attributes themselves; the class has them for help.
fn members(mut builder: ClassBuilder, decl: &'static StageDecl) -> ClassBuilder {
    for member in decl.members {
        let name = member.name;
        builder = match member.kind {
            MemberKind::Attribute => builder.property(name, member.doc, move |vm, value| {
                let name = kindling_python::Name::new(name);
                vm.get_attr(value, &name)
            }),
            MemberKind::Method(args) => {
                let args: Vec<String> =
                    args.iter().map(|arg| if arg.contains('=') { (*arg).to_owned() } else { format!("{arg}=None") }).collect();
                let list: String = args.iter().map(|arg| format!(", {arg}")).collect();
                builder.method(&format!("{name}(self{list})"), member.doc, move |vm, values| match values[0].as_native::<SummaryObject>() {
                    Some(summary) => {
                        let args = values[1..].iter().map(|value| to_engine(vm, value)).collect::<PyResult<Vec<_>>>()?;
                        let value = summary.0.member(name, &args).or_raise_plain()?;
                        to_python(vm, &value)
                    }
                    None => {
                        let stage = this(&values[0])?;
                        call_member(vm, &stage, name, &values[1..])
                    }
                })
            }
        };
    }
    builder
}
