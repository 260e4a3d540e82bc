import { dirname, resolve } from 'node:path';
import type { Config } from '../config/types.ts';
import { showPlace, WharfError } from '../errors.ts';
import type { FileDifference, StoryResult } from '../workbench/check-story.ts';
import { checkStory } from '../workbench/check-story.ts';
import type { MappingCoverage } from '../workbench/rule-coverage.ts';
import { watchRules } from '../workbench/rule-coverage.ts';
import { findStories, rewriteExpected } from '../workbench/story-files.ts';
import type { Story } from '../workbench/story-files.ts';
import type { Command, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { problemData, showProblem, withConfig } from './open-config.ts';

/** Differences that are spelled out for one file. */
const SHOWN = 20;

export const test: Command = {
  summary: 'play the samples of all partners, or of one, and show what comes out differently than expected',
  usage: '[PARTNER[/STORY]]',
  options: {
    samples: { type: 'string', value: 'DIR', help: 'where the samples are; default samples beside the folder of the gateway file' },
    update: { type: 'boolean', help: 'make what comes out what is expected; read the difference before you commit it' },
    rules: { type: 'boolean', help: 'list the rules of the mappings that no sample reaches' },
  },
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      const { stories, problems } = await chosen(config, given);
      const watched = watchRules(config);
      const results: StoryResult[] = [];
      for (const story of stories) {
        const result = await checkStory(watched.config, story);
        results.push(result);
        if (given.flag('update') && result.files.length > 0) rewriteExpected(story, result.told);
        if (!given.flag('json')) showStory(result, given, io);
      }
      const coverage = watched.coverage().filter(({ rules, unused }) => unused.length < rules || given.words.length === 0);
      if (given.flag('json')) printJson(io, { stories: results.map(storyData), problems: problems.map(problemData), coverage: coverage.map(coverageData) });
      else {
        for (const problem of problems) io.out(showProblem(problem));
        showCoverage(coverage, given.flag('rules'), io);
        showSum(results, given, io);
      }
      const fails = !given.flag('update') && results.some(({ files }) => files.length > 0);
      return problems.length > 0 || fails ? exit.findings : exit.ok;
    }),
};

/** The stories that the command line names. @throws WharfError NOT_FOUND when there are none. */
async function chosen(config: Config, given: Given): ReturnType<typeof findStories> {
  const samples = resolve(given.text('samples') ?? resolve(dirname(config.file), '..', 'samples'));
  const wanted = given.words[0]?.replace(/\/$/, '');
  const found = await findStories(samples, config.partners);
  if (wanted === undefined) return found;
  const stories = found.stories.filter(({ name }) => name === wanted || name.startsWith(`${wanted}/`));
  const problems = found.problems.filter(({ place }) => `${place.file}/`.includes(`/${wanted}/`));
  if (stories.length === 0 && problems.length === 0) {
    const detail = `there is no sample ${wanted} in ${samples}; there are: ${found.stories.map(({ name }) => name).join(', ') || 'none'}`;
    throw new WharfError('NOT_FOUND', detail, { value: wanted });
  }
  return { stories, problems };
}

function showStory({ story, files }: StoryResult, given: Given, io: Io): void {
  const word = files.length === 0 ? 'same' : given.flag('update') ? 'rewritten' : 'DIFFERS';
  io.out(`${word.padEnd(9)} ${story.name}: ${story.title}\n`);
  for (const file of files) showFile(file, story, io);
}

function showFile({ file, what, differences }: FileDifference, { name }: Story, io: Io): void {
  const said = { changed: '', missing: ': expected, but did not come', unexpected: ': came, but was not expected' }[what];
  io.out(`  ${name}/expected/${file}${said}\n`);
  for (const { path, before, after } of differences.slice(0, SHOWN)) io.out(`    ${path}: ${before ?? '(nothing)'} → ${after ?? '(nothing)'}\n`);
  if (differences.length > SHOWN) io.out(`    and ${differences.length - SHOWN} more\n`);
}

function showCoverage(coverage: readonly MappingCoverage[], all: boolean, io: Io): void {
  if (!all) {
    const sum = (count: (each: MappingCoverage) => number): number => coverage.reduce((total, each) => total + count(each), 0);
    const total = sum(({ rules }) => rules);
    io.out(`\n${total - sum(({ unused }) => unused.length)} of ${total} rules of the mappings reached; --rules lists the others\n`);
    return;
  }
  io.out('\nrules that no sample reaches\n');
  for (const { mapping, rules, unused } of coverage) {
    io.out(`  ${mapping}: ${rules - unused.length} of ${rules} reached\n`);
    for (const { path, place } of unused) io.out(`    ${showPlace(place)}: ${path}\n`);
  }
}

function showSum(results: readonly StoryResult[], given: Given, io: Io): void {
  const different = results.filter(({ files }) => files.length > 0).length;
  const count = `${results.length} sample${results.length === 1 ? '' : 's'}`;
  io.out(`${count}, ${different === 0 ? 'all as expected' : `${different} ${given.flag('update') ? 'rewritten' : 'different'}`}\n`);
}

function storyData({ story, files }: StoryResult) {
  return { story: story.name, title: story.title, same: files.length === 0, files };
}

function coverageData({ mapping, rules, unused }: MappingCoverage) {
  return { mapping, rules, reached: rules - unused.length, unused: unused.map(({ path, place }) => ({ path, at: showPlace(place) })) };
}
