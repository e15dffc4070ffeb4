//! `xgboost.spark` as cells use it.

use kindling_frame::Session;

use crate::reference::run_in;

#[test]
fn a_cell_trains_tunes_and_saves_with_xgboost_spark() {
    let session = Session::in_memory(2);
    let program = "
from xgboost.spark import SparkXGBClassifier, SparkXGBRegressor, SparkXGBRanker, SparkXGBClassifierModel
from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import functions as F

df = spark.range(0, 400, 1, 4).select(
    ((F.col('id') * 7919) % 101 / 101).alias('a'), ((F.col('id') * 104729) % 97 / 97).alias('b'), (F.col('id') % 5 == 0).alias('val'))
df = df.withColumn('label', (F.col('a') + F.col('b') > 1).cast('int'))
xgb = SparkXGBClassifier(features_col='v', max_depth=3, n_estimators=8, eta=0.4, validation_indicator_col='val', early_stopping_rounds=3)
print(xgb.getOrDefault(xgb.learning_rate), xgb.getOrDefault('max_depth'), xgb.getFeaturesCol(), xgb.getOrDefault('missing'))
pipeline = Pipeline(stages=[VectorAssembler(inputCols=['a', 'b'], outputCol='v'), xgb])
model = pipeline.fit(df)
rows = model.transform(df)
print(rows.columns)
print(rows.filter(F.col('prediction') != F.col('label')).count() < 30)
fitted = model.stages[-1]
print(type(fitted).__name__, fitted.uid == xgb.uid)
booster = fitted.get_booster()
print(booster.num_boosted_rounds(), booster.num_features(), booster.best_iteration < booster.num_boosted_rounds())
print(sorted(booster.get_score(importance_type='gain')) == sorted(fitted.get_feature_importances()) == ['f0', 'f1'])
print(booster.get_dump()[0].startswith('0:[f'), booster.save_raw('json').decode()[:12])
booster.save_model('/files/x.json')
print(list(fitted.training_summary.train_objective_history), len(fitted.training_summary.validation_objective_history['logloss']))
fitted.write().overwrite().save('/files/xgb')
again = SparkXGBClassifierModel.load('/files/xgb')
print(again.transform(model.stages[0].transform(df)).collect() == rows.collect())
plain = SparkXGBClassifier(features_col=['a', 'b'], n_estimators=4)
grid = ParamGridBuilder().addGrid(plain.max_depth, [1, 4]).addGrid(plain.learning_rate, [0.3]).build()
cv = CrossValidator(estimator=plain, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=2, seed=1).fit(df)
print(cv.avgMetrics[1] > cv.avgMetrics[0])
ranker = SparkXGBRanker(features_col=['a', 'b'], qid_col='q', n_estimators=3, device='cpu').set_device('cpu')
ranked = ranker.fit(df.withColumn('q', F.floor(F.col('a') * 10).cast('int')))
print(ranked.transform(df).select('prediction').distinct().count() > 1)
for wrong in ({'featuresCol': 'v'}, {'n_jobs': 2}, {'max_dept': 2}):
    try:
        SparkXGBRegressor(**wrong)
    except ValueError as error:
        print(error)
try:
    SparkXGBRegressor().fit(df)
except Exception as error:
    print(type(error).__name__)
try:
    booster.save_raw()
except NotImplementedError as error:
    print(error)
";
    let (printed, error) = run_in(&session, program);
    assert_eq!(error, None, "{printed}");
    assert_eq!(
        printed,
        "0.4 3 v nan\n\
         ['a', 'b', 'val', 'label', 'v', 'rawPrediction', 'prediction', 'probability']\n\
         True\n\
         SparkXGBClassifierModel True\n\
         8 2 True\n\
         True\n\
         True {\"learner\":{\n\
         ['logloss'] 8\n\
         True\n\
         True\n\
         True\n\
         Please use param name features_col instead.\n\
         Unsupported param 'n_jobs'.\n\
         SparkXGBRegressor has no param 'max_dept'. Did you mean 'max_depth'? XGBoost itself would pass it over with a warning when it doesn't \
         know it either.\n\
         IllegalArgumentException\n\
         Kindling writes XGBoost's JSON: save_raw('json'), not 'ubj'.\n"
    );
}
